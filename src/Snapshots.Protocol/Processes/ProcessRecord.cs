using System.Collections.Immutable;

namespace Snapshots.Protocol;

/// <summary>
/// All that a process persists, in one record, since its parts must change together: after a crash, a process made from its last
/// record continues as if it had only been slow.
/// </summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
/// <param name="Id">The process.</param>
/// <param name="Epoch">The history that it lives in; <c>default</c> until it has joined.</param>
/// <param name="State">The application's state.</param>
/// <param name="Known">What it knows of all snapshots.</param>
/// <param name="Outgoing">Its outgoing channels, ordered by target.</param>
/// <param name="Incoming">Its incoming channels, ordered by source.</param>
/// <param name="Recordings">Its open recordings, ordered by snapshot.</param>
public sealed record ProcessRecord<TState, TMessage>(
    ProcessId Id,
    Epoch Epoch,
    TState State,
    SnapshotAnnouncement Known,
    ImmutableArray<OutgoingChannelRecord<TMessage>> Outgoing,
    ImmutableArray<IncomingChannelRecord> Incoming,
    ImmutableArray<RecordingRecord<TState, TMessage>> Recordings);
