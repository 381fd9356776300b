using System.Collections.Immutable;

namespace Snapshots.Protocol;

/// <summary>
/// What the host is to do, once the step that asked for it is persisted and not before: what others have seen, nobody
/// can forget.
/// </summary>
/// <typeparam name="TMessage">What the application sends.</typeparam>
/// <param name="Frames">Frames to send, those of one channel in the order of their numbers.</param>
/// <param name="Acknowledgements">At most one per incoming channel, ordered by channel.</param>
/// <param name="Notices">Answers to inputs of an older epoch.</param>
/// <param name="Reports">New reports for the collector, to be repeated until accepted.</param>
/// <param name="Faults">Inputs that were not obeyed.</param>
public sealed record Effects<TMessage>(
    ImmutableArray<Frame<TMessage>> Frames,
    ImmutableArray<Acknowledgement> Acknowledgements,
    ImmutableArray<EpochNotice> Notices,
    ImmutableArray<Report> Reports,
    ImmutableArray<ChannelFault> Faults)
{
    /// <summary>Whether there is nothing to do.</summary>
    public bool IsEmpty =>
        Frames.IsEmpty && Acknowledgements.IsEmpty && Notices.IsEmpty && Reports.IsEmpty && Faults.IsEmpty;
}
