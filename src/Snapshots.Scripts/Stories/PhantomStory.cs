namespace Snapshots.Scripts;

/// <summary>
/// Two schedules in which reading the processes one after another reports a deadlock, or garbage, that never was. A
/// snapshot of the same schedule reports none. The schedules are scripts; a comment <c># read A</c> is a place at which
/// the naive reader reads a process.
/// </summary>
public static class PhantomStory
{
    private const string Read = "# read ";

    /// <summary>A and B hold the locks in turn, and never wait for each other at the same time.</summary>
    public const string Deadlock = """
        application locks
        worker A
        worker B
        lock L1
        lock L2
        acquire A L1
        acquire B L2
        drain
        acquire A L2
        snapshot s1 A
        # read A
        deliver A L2
        release B L2
        deliver B L2
        deliver L2 A
        release A L1
        release A L2
        deliver A L1
        deliver A L1
        deliver A L2
        deliver A L2
        acquire B L2
        deliver B L2
        deliver L2 B
        deliver L2 B
        acquire B L1
        # read B
        drain
        expect s1 no deadlock

        """;

    /// <summary>Y sends Z the only reference to X, and drops its own: X is always held, but by another one.</summary>
    public const string Garbage = """
        application objects
        object R root
        object X
        object Y
        object Z
        create R X
        create R Y
        create R Z
        send R Y X
        send R Y Z
        drop R X
        drain
        snapshot s1 Z
        # read Z
        tell R Y send Z X
        tell R Y drop X
        deliver R Y
        deliver R Y
        deliver Y Z
        # read X
        # read Y
        # read R
        drain
        expect s1 no garbage

        """;

    /// <summary>Runs the schedule of the deadlock.</summary>
    public static Task<PhantomStoryResult> TellDeadlockAsync(CancellationToken cancellationToken) =>
        TellAsync(Deadlock, LocksScripts.Instance, cancellationToken);

    /// <summary>Runs the schedule of the garbage.</summary>
    public static Task<PhantomStoryResult> TellGarbageAsync(CancellationToken cancellationToken) =>
        TellAsync(Garbage, ObjectsScripts.Instance, cancellationToken);

    private static async Task<PhantomStoryResult> TellAsync<TState, TMessage>(
        string text, ScriptApplication<TState, TMessage> application, CancellationToken cancellationToken)
    {
        var engine = new CoreScriptEngine<TState, TMessage>(application);
        var run = new ScriptRun<TState, TMessage>(engine, history: null);
        var (lines, done) = (text.Split('\n'), 0);
        var (naive, readings) = (ImmutableArray.CreateBuilder<ProcessState<TState>>(), new List<string>());
        foreach (var step in Script.Parse(text).Steps)
        {
            for (; done < step.Line; done++)
            {
                if (!lines[done].StartsWith(Read, StringComparison.Ordinal)) continue;
                var process = new ProcessId(lines[done][Read.Length..]);
                var state = await engine.ReadStateAsync(process, cancellationToken).ConfigureAwait(false);
                naive.Add(new(process, state));
                readings.Add($"{process} {application.Describe(state)}");
            }

            await run.StepAsync(step, cancellationToken).ConfigureAwait(false);
        }

        // Nothing is in transit at the end, so the live states are a global state. The property is stable: what does
        // not hold at the end has never held.
        var result = await run.ToResultAsync(cancellationToken).ConfigureAwait(false);
        return new(
            [.. readings],
            [.. application.Find(new(naive.ToImmutable(), []))],
            [.. result.Snapshots.Select(snapshot => snapshot.State!).SelectMany(application.Find)],
            [.. application.Find(new(result.Final, []))]);
    }
}

/// <summary>What was found in one schedule, by two readers.</summary>
/// <param name="Readings">What the naive reader read, one process each, in order.</param>
/// <param name="Naive">What is found in the naive reading.</param>
/// <param name="Snapshot">What is found on the cut.</param>
/// <param name="Real">What there was at any time of the schedule.</param>
public sealed record PhantomStoryResult(
    ImmutableArray<string> Readings,
    ImmutableArray<ProcessId> Naive,
    ImmutableArray<ProcessId> Snapshot,
    ImmutableArray<ProcessId> Real)
{
    /// <summary>Whether the naive reading found something that never was.</summary>
    public bool NaivePhantom => !Naive.IsEmpty && Real.IsEmpty;

    /// <summary>Whether the snapshot found something that never was.</summary>
    public bool SnapshotPhantom => !Snapshot.IsEmpty && Real.IsEmpty;
}
