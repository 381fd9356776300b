using System.Collections.Immutable;

namespace Snapshots.Protocol;

/// <summary>
/// What a restore makes of one process: its local state in the source, its counts, and the messages that were in
/// transit to it.
/// </summary>
/// <typeparam name="TState">
/// The application's state of one process, or whatever form of it the reports carry.
/// </typeparam>
/// <typeparam name="TMessage">What the application sends, or whatever form of it the reports carry.</typeparam>
/// <param name="Gate">The gate after it: open, in the epoch that the commit of this very restore has made.</param>
/// <param name="Local">The local state of the source; none if the process becomes empty.</param>
/// <param name="Channels">The messages in transit to it, by source; without those that are empty.</param>
public sealed record RestorePart<TState, TMessage>(
    Gate Gate, LocalReport<TState>? Local, ImmutableArray<ChannelReport<TMessage>> Channels)
{
    /// <summary>
    /// Whether the process had to close before the commit, and so has stored that. None of those that only the source
    /// knows has.
    /// </summary>
    public bool WasClosed { get; init; }

    /// <summary>How many messages are delivered by it.</summary>
    public int Messages => Channels.Sum(channel => channel.Messages.Length);
}
