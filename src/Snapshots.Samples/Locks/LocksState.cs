namespace Snapshots.Samples;

/// <summary>The local state of a worker or a lock. Immutable.</summary>
[GenerateSerializer]
[Alias("snapshots.locks.state")]
[Immutable]
public abstract record LocksState
{
    private protected LocksState()
    {
    }
}

/// <summary>A worker: it holds locks, and waits for at most one thing at a time.</summary>
/// <param name="Holds">The locks that it holds, in ordinal order.</param>
/// <param name="WaitsFor">The locks that it waits for, in ordinal order; the first grant ends the wait.</param>
/// <param name="Any">Whether it asked for any one of several.</param>
[GenerateSerializer]
[Alias("snapshots.locks.worker")]
[Immutable]
public sealed record WorkerState(
    [property: Id(0)] ImmutableArray<ProcessId> Holds,
    [property: Id(1)] ImmutableArray<ProcessId> WaitsFor,
    [property: Id(2)] bool Any) : LocksState
{
    /// <summary>A worker that holds nothing and waits for nothing.</summary>
    public static WorkerState Idle { get; } = new([], [], Any: false);

    /// <summary>Whether it waits; then it can neither acquire nor release.</summary>
    public bool IsWaiting => !WaitsFor.IsEmpty;

    /// <summary>Whether both hold the same and wait for the same.</summary>
    public bool Equals(WorkerState? other) => other is not null
        && Any == other.Any && Holds.SequenceEqual(other.Holds) && WaitsFor.SequenceEqual(other.WaitsFor);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Holds.Length, WaitsFor.Length, Any);

    /// <summary><c>holds L1, waits for L2</c>.</summary>
    public override string ToString() => $"holds {Ids.Describe(Holds)}"
        + (IsWaiting ? $", waits for {(Any ? "any of " : string.Empty)}{Ids.Describe(WaitsFor)}" : string.Empty);
}

/// <summary>A lock: it grants in the order in which requests arrive.</summary>
/// <param name="Holder">The worker that it is granted to, until its release arrives; null if it is free.</param>
/// <param name="Queue">The workers whose requests wait, in order; one may be there more than once.</param>
[GenerateSerializer]
[Alias("snapshots.locks.lock")]
[Immutable]
public sealed record LockState(
    [property: Id(0)] ProcessId? Holder, [property: Id(1)] ImmutableArray<ProcessId> Queue) : LocksState
{
    /// <summary>A lock that nobody has asked for.</summary>
    public static LockState Free { get; } = new(null, []);

    /// <summary>Whether both have the same holder and the same queue.</summary>
    public bool Equals(LockState? other) =>
        other is not null && Holder == other.Holder && Queue.SequenceEqual(other.Queue);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Holder, Queue.Length);

    /// <summary><c>held by A, queue B, C</c>.</summary>
    public override string ToString() =>
        Holder is { } holder ? $"held by {holder}, queue {Ids.Describe(Queue)}" : "free";
}

/// <summary>What a worker and a lock tell each other. No message carries a number. The numbers are stored.</summary>
[GenerateSerializer]
[Alias("snapshots.locks.message-kind")]
public enum LocksMessageKind
{
    /// <summary>A worker asks for a lock.</summary>
    Request = 0,

    /// <summary>A lock is granted to a worker.</summary>
    Grant = 1,

    /// <summary>A worker gives a lock back.</summary>
    Release = 2,
}

/// <summary>A message between a worker and a lock.</summary>
/// <param name="Kind">What it says.</param>
[GenerateSerializer]
[Alias("snapshots.locks.message")]
[Immutable]
public sealed record LocksMessage([property: Id(0)] LocksMessageKind Kind);
