namespace Snapshots.Protocol;

/// <summary>How far a restore is. Every restore ends as completed or aborted.</summary>
public enum RestoreStatus
{
    /// <summary>The source is verified, the safety snapshot is taken, open snapshots are aborted.</summary>
    Preparing = 0,

    /// <summary>Every process closes. The restore can still be aborted.</summary>
    Closing = 1,

    /// <summary>It is committed: every process applies its part. Nothing can stop it.</summary>
    Applying = 2,

    /// <summary>Every process has applied its part.</summary>
    Completed = 3,

    /// <summary>It was given up before it was committed, and has changed nothing.</summary>
    Aborted = 4,
}

/// <summary>The wish for a restore.</summary>
/// <param name="Source">The snapshot to go back to; it must be completed.</param>
/// <param name="Reason">Why, for the history; at most <see cref="MaxReasonLength"/> characters.</param>
/// <param name="TakesSafety">
/// Whether a safety snapshot is taken first. Without one the restore cannot be reverted.
/// </param>
public sealed record RestoreRequest(SnapshotId Source, string Reason, bool TakesSafety)
{
    /// <summary>The longest <see cref="Reason"/>.</summary>
    public const int MaxReasonLength = 256;

    /// <summary>Checks the wish where it enters.</summary>
    /// <exception cref="ArgumentException">It names no snapshot, or its reason is too long.</exception>
    public void Validate()
    {
        if (Source == default) throw new ArgumentException("the restore names no snapshot: say which one to go back to");
        if (Reason is { Length: <= MaxReasonLength }) return;
        throw new ArgumentException($"the reason of a restore has at most {MaxReasonLength} characters");
    }
}

/// <summary>One restore in a line, as the index stores it.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Source">The snapshot to go back to.</param>
/// <param name="SourceNumber">The number of that snapshot.</param>
/// <param name="SourceEpoch">The epoch of that snapshot.</param>
/// <param name="Status">How far it is.</param>
/// <param name="Reason">Why it was asked for.</param>
/// <param name="TakesSafety">Whether a safety snapshot is taken first.</param>
/// <param name="StartedAtMs">When it began, in milliseconds since 1970.</param>
public sealed record RestoreSummary(
    RestoreNumber Number,
    SnapshotId Source,
    SnapshotNumber SourceNumber,
    Epoch SourceEpoch,
    RestoreStatus Status,
    string Reason,
    bool TakesSafety,
    long StartedAtMs)
{
    /// <summary>The safety snapshot; <c>default</c> until it begins, and if none is taken.</summary>
    public SnapshotId Safety { get; init; }

    /// <summary>The epoch that it leaves; <c>default</c> until it closes the processes.</summary>
    public Epoch FromEpoch { get; init; }

    /// <summary>The epoch that it makes; <c>default</c> until it is committed.</summary>
    public Epoch ToEpoch { get; init; }

    /// <summary>What it has done; all 0 until it is completed.</summary>
    public RestoreCounts Counts { get; init; }

    /// <summary>When it ended, in milliseconds since 1970, and never before its start; none until then.</summary>
    public long? EndedAtMs { get; init; }

    /// <summary>Why it was aborted; empty otherwise.</summary>
    public string Failure { get; init; } = string.Empty;

    /// <summary>Whether it is neither completed nor aborted.</summary>
    public bool IsRunning => Status is not (RestoreStatus.Completed or RestoreStatus.Aborted);

    /// <summary>
    /// What the shards are to do now; none before the processes close, and when it is completed. An aborted restore
    /// opens what it has closed.
    /// </summary>
    internal ShardOrder? Order => Status switch
    {
        RestoreStatus.Closing => new(new(FromEpoch, Number, IsOpen: false), default),
        RestoreStatus.Applying => new(new(ToEpoch, Number, IsOpen: true), SourceNumber),
        RestoreStatus.Aborted when FromEpoch != default => new(new(FromEpoch, Number, IsOpen: true), default),
        _ => null,
    };
}

/// <summary>A restore with its progress.</summary>
/// <param name="Summary">The restore in a line.</param>
/// <param name="WaitingFor">Some of what it waits for: processes, shards, or a snapshot.</param>
public sealed record RestoreView(RestoreSummary Summary, IReadOnlyList<string> WaitingFor);

/// <summary>The restore that has made an epoch: a mark on each of its snapshots.</summary>
/// <param name="Restore">The restore.</param>
/// <param name="Snapshot">The snapshot that it went back to.</param>
public sealed record RestoredFrom(RestoreNumber Restore, SnapshotId Snapshot);
