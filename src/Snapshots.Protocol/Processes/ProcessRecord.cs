using System.Collections.Immutable;

namespace Snapshots.Protocol;

/// <summary>
/// All that a process persists, in one record, since its parts must change together: after a crash, a process made from
/// its last record continues as if it had only been slow.
/// </summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
/// <param name="Id">The process.</param>
/// <param name="Epoch">The history that it lives in; <c>default</c> until it has joined.</param>
/// <param name="State">The application's state.</param>
/// <param name="Requests">The requests that were executed under keys.</param>
/// <param name="Known">What it knows of all snapshots.</param>
/// <param name="Outgoing">Its outgoing channels, ordered by target.</param>
/// <param name="Incoming">Its incoming channels, ordered by source.</param>
/// <param name="Recordings">Its open recordings, ordered by snapshot.</param>
public sealed record ProcessRecord<TState, TMessage>(
    ProcessId Id,
    Epoch Epoch,
    TState State,
    RequestMemory Requests,
    SnapshotAnnouncement Known,
    ImmutableArray<OutgoingChannelRecord<TMessage>> Outgoing,
    ImmutableArray<IncomingChannelRecord> Incoming,
    ImmutableArray<RecordingRecord<TState, TMessage>> Recordings)
{
    /// <summary>
    /// The ordinal of its last recording in its epoch: how many there were; see
    /// <see cref="RecordingRecord{TState, TMessage}.Ordinal"/>.
    /// </summary>
    public long LastOrdinal { get; init; }

    /// <summary>The last restore that it was closed or opened for.</summary>
    public RestoreNumber Restore { get; init; }

    /// <summary>Whether it is closed for that restore.</summary>
    public bool IsClosed { get; init; }

    /// <summary>
    /// What was lost of the process, if its journal was damaged when it was closed: it takes no step until a restore
    /// gives it a part. None of a sound process.
    /// </summary>
    public string? Damage { get; init; }

    /// <summary>How often it has rested.</summary>
    public long Generation { get; init; }

    /// <summary>Whether it rests: it takes no step until its directory shard knows that it is awake.</summary>
    public bool IsResting { get; init; }

    /// <summary>Its gate; <c>default</c> until it has joined.</summary>
    public Gate Gate => new(Epoch, Restore, Epoch != default && !IsClosed);
}

/// <summary>
/// What one write of a process changes, as an entry of its journal. Channels never go away, so a channel that is not
/// listed is unchanged; every open recording is listed, so a recording that is not listed has ended.
/// </summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
/// <param name="Epoch">The history that it lives in.</param>
/// <param name="State">The application's state.</param>
/// <param name="Requests">What has changed in the memory of keys.</param>
/// <param name="Known">What it knows of all snapshots.</param>
/// <param name="Outgoing">The outgoing channels that have changed, in no order.</param>
/// <param name="Incoming">The incoming channels that have changed, in no order.</param>
/// <param name="Recordings">All open recordings, ordered by snapshot, each with what has changed.</param>
public sealed record ProcessChange<TState, TMessage>(
    Epoch Epoch,
    TState State,
    RequestChanges Requests,
    SnapshotAnnouncement Known,
    ImmutableArray<OutgoingChannelChange<TMessage>> Outgoing,
    ImmutableArray<IncomingChannelRecord> Incoming,
    ImmutableArray<RecordingChange<TState, TMessage>> Recordings)
{
    /// <inheritdoc cref="ProcessRecord{TState, TMessage}.LastOrdinal"/>
    public long LastOrdinal { get; init; }

    /// <summary>The last restore that it was closed or opened for.</summary>
    public RestoreNumber Restore { get; init; }

    /// <summary>Whether it is closed for that restore.</summary>
    public bool IsClosed { get; init; }

    /// <summary>How often it has rested.</summary>
    public long Generation { get; init; }

    /// <summary>Whether it rests.</summary>
    public bool IsResting { get; init; }
}
