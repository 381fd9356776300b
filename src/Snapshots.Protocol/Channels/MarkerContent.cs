namespace Snapshots.Protocol;

/// <summary>The marker of a snapshot (Chandy and Lamport 1985, section 3.1): one per channel and snapshot.</summary>
/// <typeparam name="TMessage">What the application sends.</typeparam>
/// <param name="Snapshot">The snapshot that it belongs to.</param>
/// <param name="SentBefore">How many messages the channel's source had sent at its cut; the receiver checks it.</param>
public sealed record MarkerContent<TMessage>(SnapshotNumber Snapshot, MessageCount SentBefore) : FrameContent<TMessage>;
