using System.Collections.Immutable;

namespace Snapshots.Protocol;

/// <summary>How much of a global state is there, and what it waits for.</summary>
/// <param name="ProcessesRecorded">Members whose local state has come.</param>
/// <param name="ProcessesExpected">Members known so far.</param>
/// <param name="ChannelsClosed">Channels among the reported members whose state is known.</param>
/// <param name="ChannelsExpected">Channels known so far.</param>
/// <param name="WaitingFor">
/// Processes, or when all have recorded channels, that are missing: the first ones in order.
/// </param>
public sealed record CollectionProgress(
    int ProcessesRecorded,
    int ProcessesExpected,
    int ChannelsClosed,
    int ChannelsExpected,
    ImmutableArray<string> WaitingFor)
{
    /// <summary>How many names <see cref="WaitingFor"/> lists at most.</summary>
    public const int MaxWaitingFor = 20;
}
