using System.Diagnostics.CodeAnalysis;

namespace Snapshots.Protocol;

/// <summary>How far a snapshot is. Every snapshot ends as completed or aborted.</summary>
public enum SnapshotStatus
{
    /// <summary>Its reports are being collected.</summary>
    Running = 0,

    /// <summary>Its certificate holds and it is kept.</summary>
    Completed = 1,

    /// <summary>It was given up, for a reason that it names.</summary>
    Aborted = 2,

    /// <summary>Its reports are being brought from an archive: it is completed when all are there, or is dropped.</summary>
    Importing = 3,
}

/// <summary>What asked for a snapshot.</summary>
public enum SnapshotOrigin
{
    /// <summary>A user or a program.</summary>
    User = 0,

    /// <summary>The schedule of the application.</summary>
    Schedule = 1,

    /// <summary>A restore, before it changes anything. Such a snapshot begins pinned.</summary>
    Safety = 2,
}

/// <summary>The wish for a snapshot.</summary>
/// <param name="Id">Its name; the same name twice is the same snapshot.</param>
/// <param name="Initiator">The process that records first, or <c>default</c> for any.</param>
/// <param name="Timeout">
/// The time after which it is aborted, with what was missing as the reason; see <see cref="Validate"/>.
/// </param>
public sealed record SnapshotRequest(SnapshotId Id, ProcessId Initiator, TimeSpan Timeout)
{
    /// <summary>The longest <see cref="Timeout"/>: an open snapshot costs every process a copy of its state.</summary>
    public static readonly TimeSpan MaxTimeout = TimeSpan.FromDays(1);

    /// <summary>What asks; a user unless told otherwise.</summary>
    public SnapshotOrigin Origin { get; init; }

    /// <summary>Checks the wish where it enters.</summary>
    /// <exception cref="ArgumentException">
    /// It has no id, or its timeout is not above zero and at most <see cref="MaxTimeout"/>.
    /// </exception>
    public void Validate()
    {
        if (Id == default) throw new ArgumentException("the snapshot has no id: give it one");
        if (!Enum.IsDefined(Origin)) throw new ArgumentException($"the origin {(int)Origin} of snapshot {Id} is not known");
        if (Timeout > TimeSpan.Zero && Timeout <= MaxTimeout) return;
        throw new ArgumentException(
            $"the timeout of snapshot {Id} is {Timeout}: it must be above zero and at most {MaxTimeout.TotalHours:0} hours");
    }
}

/// <summary>One snapshot in a line, as the index stores it.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Number">Its number.</param>
/// <param name="Epoch">The epoch of all its reports.</param>
/// <param name="Status">How far it is.</param>
/// <param name="Initiator">The process asked to record first; <c>default</c> until one is chosen.</param>
/// <param name="Timeout">The time that its collector may run before it is aborted.</param>
/// <param name="StartedAtMs">When it began, in milliseconds since 1970, by the clock of the index's silo.</param>
/// <param name="EndedAtMs">
/// When it ended, in milliseconds since 1970, by the clock of the collector's silo, and never before its start; none
/// while it runs.
/// </param>
/// <param name="Processes">Members; 0 while it runs.</param>
/// <param name="Channels">Channels among them; 0 while it runs.</param>
/// <param name="MessagesInTransit">Messages in channels; 0 while it runs.</param>
/// <param name="Reason">Why it was aborted; empty otherwise.</param>
public sealed record SnapshotSummary(
    SnapshotId Id,
    SnapshotNumber Number,
    Epoch Epoch,
    SnapshotStatus Status,
    ProcessId Initiator,
    TimeSpan Timeout,
    long StartedAtMs,
    long? EndedAtMs,
    int Processes,
    int Channels,
    int MessagesInTransit,
    string Reason)
{
    /// <summary>What asked for it.</summary>
    public SnapshotOrigin Origin { get; init; }

    /// <summary>Whether it must not be deleted; the index alone decides that.</summary>
    public bool Pinned { get; init; }

    /// <summary>About what its reports take in the storage, in bytes; 0 while it runs.</summary>
    public long Bytes { get; init; }

    /// <summary>The restore that has made its epoch; none in an epoch that no restore has made.</summary>
    public RestoredFrom? RestoredFrom { get; init; }

    /// <summary>A snapshot that begins.</summary>
    [SuppressMessage("Design", "CA1062", Justification = "The request was validated.")]
    public static SnapshotSummary Begin(SnapshotRequest request, SnapshotNumber number, Epoch epoch, long startedAtMs) => new(
        request.Id, number, epoch, SnapshotStatus.Running, request.Initiator, request.Timeout, startedAtMs,
        EndedAtMs: null, Processes: 0, Channels: 0, MessagesInTransit: 0, Reason: string.Empty)
    {
        Origin = request.Origin,
        Pinned = request.Origin == SnapshotOrigin.Safety,
    };
}

/// <summary>A snapshot with its progress.</summary>
/// <param name="Summary">The snapshot in a line.</param>
/// <param name="Progress">How much is there, and what it waits for; of an aborted one, when it was given up.</param>
public sealed record SnapshotView(SnapshotSummary Summary, CollectionProgress Progress);

/// <summary>How one part of a collection stands.</summary>
/// <param name="Version">Another one than before whenever anything has changed; grows in one life of the part.</param>
/// <param name="Standing">The figures.</param>
public sealed record PartView(long Version, PartStanding Standing);
