using System.Collections.Immutable;

namespace Snapshots.Protocol;

/// <summary>What a collector stores.</summary>
/// <param name="Summary">The snapshot.</param>
/// <param name="ElapsedMs">How long its collectors have run, at least, in milliseconds.</param>
/// <param name="LastProgress">How far it was when it was aborted; none otherwise.</param>
public sealed record CollectorRecord(SnapshotSummary Summary, long ElapsedMs, CollectionProgress? LastProgress);

/// <summary>
/// What a collector wants done. Of <see cref="Write"/> and <see cref="Clear"/> one at a time; of the others any number.
/// </summary>
public abstract record CollectorWork
{
    /// <summary>Asks the index which snapshots are open; answered by <c>Looked</c>.</summary>
    public sealed record Look() : CollectorWork;

    /// <summary>Stores the record.</summary>
    public sealed record Write(CollectorRecord Record) : CollectorWork;

    /// <summary>Waits for news of a part, which starts unless it has; answered by <c>Followed</c>.</summary>
    public sealed record Follow(int Part, Epoch Epoch, long KnownVersion) : CollectorWork;

    /// <summary>Has a part ask a process to record.</summary>
    public sealed record AskFirst(int Part, ProcessId Process) : CollectorWork;

    /// <summary>Has a part hear others; answered by <c>Followed</c> once it has heard them.</summary>
    public sealed record Exchange(int Part, ImmutableArray<int> From) : CollectorWork;

    /// <summary>Has a part look which of the processes that it knows by name alone are at rest; a notice.</summary>
    public sealed record Resolve(int Part) : CollectorWork;

    /// <summary>Tells the index the end.</summary>
    public sealed record Tell(SnapshotSummary Ended) : CollectorWork;

    /// <summary>Tells a part the end. A part that does not hear it asks the index.</summary>
    public sealed record EndPart(int Part) : CollectorWork;

    /// <summary>Has a part delete all its rows.</summary>
    public sealed record DeletePart(int Part) : CollectorWork;

    /// <summary>Deletes the record, if there is one.</summary>
    public sealed record Clear() : CollectorWork;
}
