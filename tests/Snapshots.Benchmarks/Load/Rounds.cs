namespace Snapshots.Benchmarks;

/// <summary>Runs a load for a while and measures it.</summary>
internal static class Rounds
{
    /// <summary>How long what was called may take to have its whole effect.</summary>
    public static readonly TimeSpan MaxDrain = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Runs the calls for that long, waits for those in flight and for their effects, and counts all of that time.
    /// </summary>
    /// <param name="call">The n-th call; false when it does not count.</param>
    /// <param name="concurrency">Calls in flight.</param>
    /// <param name="duration">How long calls are begun.</param>
    /// <param name="settle">
    /// Waits until the calls have had their whole effect; none if they have it when they end.
    /// </param>
    /// <exception cref="InvalidOperationException">A call failed.</exception>
    public static async Task<LoadSample> RunAsync(
        Func<long, Task<bool>> call, int concurrency, TimeSpan duration, Func<Task>? settle = null)
    {
        var load = new RunningLoad(call);
        var effort = new Effort();
        load.Start(concurrency);
        await Task.Delay(duration);
        await load.StopAsync();
        if (settle is not null) await settle();
        var sample = effort.Of(load, load.Done);
        RequireSound(load);
        return sample;
    }

    /// <summary>Throws if a call of the load failed.</summary>
    /// <exception cref="InvalidOperationException">A call failed.</exception>
    public static void RequireSound(RunningLoad load)
    {
        if (load.FirstError is not { } error) return;
        throw new InvalidOperationException($"{load.Errors} calls failed, the first with: {error.Message}", error);
    }
}
