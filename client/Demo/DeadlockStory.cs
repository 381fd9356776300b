using System.Collections.Immutable;
using Snapshots.Detection;
using Snapshots.Samples;
using Snapshots.Scripts;

namespace Snapshots.Client;

/// <summary>
/// Story 4 of the demo: two workers that wait for each other are found on the cut, and one of them backs off. And a
/// schedule in which reading one after another sees a deadlock that never was.
/// </summary>
internal static class DeadlockStory
{
    private static readonly ProcessId A = new("A");
    private static readonly ProcessId B = new("B");
    private static readonly ProcessId First = new("L1");
    private static readonly ProcessId Second = new("L2");

    public static async Task<StoryOutcome> TellAsync(CommandRun run)
    {
        run.Terminal.ShowNow(page => page.Heading("4. Deadlock: workers and locks"));
        var phantom = await PhantomStory.TellDeadlockAsync(run.Interrupted);
        await using var silo = await SampleSilo.StartAsync(LocksApplication.Name, run.Interrupted);
        var (deadlock, wentOn) = await BreakAsync(silo, run.Interrupted);
        ImmutableArray<string> witness = [.. deadlock.Witness.Select(worker => worker.ToString())];
        run.Terminal.ShowNow(page => Show(page, deadlock, witness, wentOn, phantom));
        var complaint =
            witness is not ["A", "B"] ? "the cycle of A and B was not found"
            : !wentOn ? "the other worker did not go on"
            : !phantom.NaivePhantom || phantom.SnapshotPhantom ? "the schedule of the phantom ended otherwise"
            : null;
        return new("deadlock", writer => Write(writer, deadlock, witness, phantom), complaint);
    }

    /// <summary>
    /// Makes the deadlock, has it found and broken, and waits until the other worker holds both locks.
    /// </summary>
    private static async Task<(Deadlock Found, bool WentOn)> BreakAsync(SampleSilo silo, CancellationToken interrupted)
    {
        var (a, b) = (silo.Grains.GetGrain<ILocksGrain>(A.Value), silo.Grains.GetGrain<ILocksGrain>(B.Value));
        await Task.WhenAll(a.AcquireAsync(First), b.AcquireAsync(Second));
        var granted = await HoldsAsync(a, 1, interrupted) && await HoldsAsync(b, 1, interrupted);
        if (!granted) return (Deadlock.None, false);
        await Task.WhenAll(a.AcquireAsync(Second), b.AcquireAsync(First));
        var breaker = new DeadlockBreaker(silo.Grains, silo.Snapshots);
        var (deadlock, hasBackedOff) = await breaker.BreakAsync(new("demo-deadlock"), interrupted);
        return (deadlock, hasBackedOff && await HoldsAsync(a, 2, interrupted));
    }

    private static Task<bool> HoldsAsync(ILocksGrain worker, int count, CancellationToken interrupted) =>
        SampleSilo.WaitAsync(
            async () => await worker.GetAsync() is WorkerState state && state.Holds.Length == count, interrupted);

    private static void Write(
        Utf8JsonWriter writer, Deadlock deadlock, ImmutableArray<string> witness, PhantomStoryResult phantom)
    {
        writer.WriteStartObject();
        writer.WriteBoolean("found", deadlock.Exists);
        writer.WriteStartArray("witness");
        foreach (var worker in witness) writer.WriteStringValue(worker);
        writer.WriteEndArray();
        writer.WriteBoolean("naivePhantom", phantom.NaivePhantom);
        writer.WriteBoolean("snapshotPhantom", phantom.SnapshotPhantom);
        writer.WriteEndObject();
    }

    private static void Show(
        Page page, Deadlock deadlock, ImmutableArray<string> witness, bool wentOn, PhantomStoryResult phantom)
    {
        page.Line();
        page.Line("   A holds L1 and waits for L2; B holds L2 and waits for L1; both are grains");
        var cycle = deadlock.Exists ? string.Join(" -> ", [.. witness, witness[0]]) : string.Empty;
        page.Line(deadlock.Exists
            ? $"     on the cut: a deadlock {cycle}; {deadlock.Victim} backs off"
            : "     on the cut: no deadlock");
        page.Line(wentOn ? "     A has got both locks" : "     A has not got both locks");
        page.Line();
        page.Line("   another schedule, read one process after another while it runs");
        foreach (var reading in phantom.Readings) page.Line($"     the naive reader reads {reading}");
        page.Line($"     naive reading: {Describe(phantom.Naive)}; snapshot: {Describe(phantom.Snapshot)}");
        page.Line($"     in truth, at any time: {Describe(phantom.Real)}");
        page.Line();
    }

    private static string Describe(ImmutableArray<ProcessId> workers) =>
        workers.IsEmpty ? "no deadlock" : $"a deadlock of {string.Join(" and ", workers)}";
}
