namespace Snapshots.Protocol;

/// <summary>
/// An input that cannot be, given this process's own state: its sender or this process has lost writes that were
/// acknowledged, or this is a stale copy of the process. The input was not obeyed and nothing changed. The host first
/// takes it for a stale copy and compares with the storage; it is an error that names the channel only if it stays.
/// </summary>
/// <param name="Channel">The channel on which it came.</param>
/// <param name="Kind">What is wrong.</param>
/// <param name="Detail">One line with the numbers that disagree.</param>
public sealed record ChannelFault(ChannelId Channel, ChannelFaultKind Kind, string Detail);
