namespace Snapshots.Faults.Tests;

/// <summary>A load that runs within the test until it is stopped, through all faults.</summary>
internal sealed class Load : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task<CommandResult> _running;

    private Load(BankUnderTest bank) =>
        _running = Task.Run(() => ClientCommands.RunAsync(bank.EndlessLoad, interrupted: _stop.Token));

    /// <summary>Starts it, and waits until transfers are answered.</summary>
    public static async Task<Load> StartAsync(BankUnderTest bank)
    {
        bank.CreateJournal();
        var load = new Load(bank);
        var answered = bank.AnsweredAsync(100);
        await Task.WhenAny(answered, load._running);
        if (!answered.IsCompleted) Assert.Fail($"the load has ended: {await load._running}");
        await answered;
        return load;
    }

    /// <summary>
    /// Stops it as Ctrl-C does. It has not given up before, and no snapshot that completed was wrong.
    /// </summary>
    public async Task<CommandResult> StopAsync()
    {
        await _stop.CancelAsync();
        var result = await _running;
        Assert.True(result.ExitCode == 130, result.ToString());
        Assert.All(
            result.Json.GetProperty("snapshots").EnumerateArray().Where(
                snapshot => snapshot.GetProperty("status").GetString() == "completed"),
            snapshot => Assert.True(
                snapshot.GetProperty("consistent").GetBoolean() && snapshot.GetProperty("conserved").GetBoolean(),
                snapshot.ToString()));
        return result;
    }

    public void Dispose()
    {
        _stop.Cancel();
        _running.Wait(TimeSpan.FromSeconds(30));
        _stop.Dispose();
    }
}
