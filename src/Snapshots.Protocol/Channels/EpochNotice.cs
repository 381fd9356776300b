namespace Snapshots.Protocol;

/// <summary>
/// The answer to a frame or an acknowledgement of an older epoch: which epoch it is now. The old input is not obeyed.
/// </summary>
/// <param name="To">The process that still lives in the older epoch.</param>
/// <param name="Epoch">The epoch of the process that answers.</param>
public sealed record EpochNotice(ProcessId To, Epoch Epoch);
