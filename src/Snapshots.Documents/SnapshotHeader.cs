using Snapshots.Protocol;

namespace Snapshots.Documents;

/// <summary>What is known of a snapshot from its start.</summary>
/// <param name="Id">The name that a person gave it.</param>
/// <param name="Epoch">The epoch of its reports.</param>
/// <param name="Initiator">The process that was asked to record first; <c>default</c> while none is chosen, and if there is none.</param>
/// <param name="StartedAt">When it began; written in UTC to the millisecond, the rest cut off.</param>
public sealed record SnapshotHeader(SnapshotId Id, Epoch Epoch, ProcessId Initiator, DateTimeOffset StartedAt);
