using LocksStep = Snapshots.Grains.Step<Snapshots.Samples.LocksState, Snapshots.Samples.LocksMessage, string?>;

namespace Snapshots.Samples;

/// <summary>Workers and locks as an application of the protocol.</summary>
/// <remarks>
/// <code>
/// message   at                                   what happens
/// --------  -----------------------------------  --------------------------------------------------------
/// request   a lock that is free                  its sender is the holder, and gets a grant
/// request   a lock that is held                  its sender joins the queue
/// release   a lock, from its holder              the first of the queue is the holder, and gets a grant
/// grant     a worker that waits for this lock    it holds the lock and waits for nothing
/// grant     any other worker                     a release goes back at once: the worker no longer wants it
/// request   a process that has done nothing      it is a lock from now on
/// else                                           nothing: no worker and no lock sends that
/// </code>
/// The right to a lock is in one place: with the lock, in a grant, at a worker that holds it, or in a release. So a
/// worker gets no second grant of a lock before its release has arrived.
/// </remarks>
public sealed class LocksApplication : IApplication<LocksState, LocksMessage>
{
    /// <summary>The name of the application.</summary>
    public const string Name = "locks";

    private static readonly LocksMessage Request = new(LocksMessageKind.Request);
    private static readonly LocksMessage Grant = new(LocksMessageKind.Grant);
    private static readonly LocksMessage GiveBack = new(LocksMessageKind.Release);

    /// <summary>The only instance that is needed.</summary>
    public static LocksApplication Instance { get; } = new();

    /// <inheritdoc/>
    public LocksState CreateState(ProcessId self) => WorkerState.Idle;

    /// <inheritdoc/>
    public Reaction<LocksState, LocksMessage> Deliver(
        ProcessId self, LocksState state, ProcessId source, LocksMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return (state, message.Kind) switch
        {
            (LockState { Holder: null } free, LocksMessageKind.Request) =>
                new(free with { Holder = source }, [new(source, Grant)]),
            (LockState held, LocksMessageKind.Request) => new(held with { Queue = held.Queue.Add(source) }),
            (LockState held, LocksMessageKind.Release) when held.Holder == source => PassOn(held),
            (WorkerState worker, LocksMessageKind.Grant) when worker.WaitsFor.Has(source) =>
                new(new WorkerState(worker.Holds.With(source), [], Any: false)),
            (WorkerState, LocksMessageKind.Grant) => new(state, [new(source, GiveBack)]),
            (WorkerState worker, LocksMessageKind.Request) when worker == WorkerState.Idle =>
                new(LockState.Free with { Holder = source }, [new(source, Grant)]),
            _ => new(state),
        };
    }

    /// <inheritdoc/>
    public ulong Fingerprint(LocksMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return Ids.Fingerprint((byte)message.Kind);
    }

    /// <summary>
    /// A worker asks for one lock, or for any one of several, and waits. The result is why it cannot, or null.
    /// </summary>
    public static LocksStep Acquire(ProcessId self, LocksState state, ImmutableArray<ProcessId> locks, bool any)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (Refusal(self, state, "acquire") is { } refusal) return new(refusal, null);
        if (locks.IsDefaultOrEmpty || locks.Contains(self) || (!any && locks.Length > 1))
            return new($"{self} cannot acquire {(locks.IsDefault ? "nothing" : Ids.Describe(locks))}", null);
        var wanted = locks.Distinct().Order().ToImmutableArray();
        var worker = (WorkerState)state with { WaitsFor = wanted, Any = any };
        return new(null, new(worker, [.. wanted.Select(each => new Outgoing<LocksMessage>(each, Request))]));
    }

    /// <summary>A worker gives a lock back. The result is why it cannot, or null.</summary>
    public static LocksStep Release(ProcessId self, LocksState state, ProcessId held)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (Refusal(self, state, "release") is { } refusal) return new(refusal, null);
        var worker = (WorkerState)state;
        return worker.Holds.Has(held)
            ? new(null, new(worker with { Holds = worker.Holds.Without(held) }, [new(held, GiveBack)]))
            : new($"{self} does not hold {held}", null);
    }

    /// <summary>
    /// The victim of a deadlock stops waiting and gives back all that it holds; a grant that is late goes back as any
    /// other. It does so only in the very state in which it was found, so that two detectors do not make it give up
    /// twice. The result is why it does not, or null.
    /// </summary>
    public static LocksStep BackOff(ProcessId self, LocksState state, WorkerState found)
    {
        ArgumentNullException.ThrowIfNull(found);
        if (state is not WorkerState worker || worker != found) return new($"{self} has gone on", null);
        var releases = worker.Holds.Select(held => new Outgoing<LocksMessage>(held, GiveBack));
        return new(null, new(WorkerState.Idle, [.. releases]));
    }

    private static string? Refusal(ProcessId self, LocksState state, string what) => state switch
    {
        LockState => $"{self} is a lock and cannot {what}",
        WorkerState { IsWaiting: true } worker =>
            $"{self} waits for {Ids.Describe(worker.WaitsFor)} and cannot {what}",
        _ => null,
    };

    private static Reaction<LocksState, LocksMessage> PassOn(LockState held) => held.Queue.IsEmpty
        ? new(LockState.Free)
        : new(new LockState(held.Queue[0], held.Queue.RemoveAt(0)), [new(held.Queue[0], Grant)]);
}
