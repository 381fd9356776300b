using System.Collections.Immutable;

namespace Snapshots.Protocol;

/// <summary>How one part of a collection stands, in figures that do not grow with it.</summary>
/// <param name="Part">The part.</param>
/// <param name="Life">Which life of it in memory.</param>
/// <param name="Progress">
/// Its members, and the channels that lead to them; the names of what it waits for are the first ones.
/// </param>
/// <param name="Messages">Messages in the channel states that have come.</param>
/// <param name="Told">For each part, how many counts there are for it so far.</param>
/// <param name="Heard">For each part, how many counts were heard from it.</param>
/// <param name="Failure">Why the snapshot can never complete; empty unless a recording has outgrown its limit or a member is damaged.</param>
/// <param name="Violation">
/// The first channel that breaks the certificate, once all is heard; empty if none does.
/// </param>
/// <param name="First">The first member in ordinal order; <c>default</c> if there is none.</param>
public sealed record PartStanding(
    int Part,
    long Life,
    CollectionProgress Progress,
    long Messages,
    ImmutableArray<int> Told,
    ImmutableArray<HeardCounts> Heard,
    string Failure,
    string Violation,
    ProcessId First)
{
    /// <summary>About what the stored reports take in the storage, in bytes.</summary>
    public long Bytes { get; init; }

    /// <summary>
    /// What processes at rest, and the others on channels from and to them, have sent, less what they have delivered; see
    /// <see cref="RestSums.Balance"/>. The sum over all parts is 0 when no message is in transit there that is not recorded.
    /// </summary>
    public UInt128 Balance { get; init; }

    /// <summary>
    /// Processes that are named on channels and are no members that were awake: at rest, or newcomers. It is not looked up
    /// which, unless the sum of the balances is not 0.
    /// </summary>
    public int Unknown { get; init; }

    /// <summary>Members whose local state has not come.</summary>
    public int MissingProcesses => Progress.ProcessesExpected - Progress.ProcessesRecorded;

    /// <summary>Channels whose messages, or one of whose ends, are still to come.</summary>
    public int OpenChannels => Progress.ChannelsExpected - Progress.ChannelsClosed;
}
