using CsCheck;

namespace Snapshots.Protocol.Tests;

/// <summary>
/// Random runs of the whole core. Every completed snapshot is compared with a second, dumb account of the same run, and
/// every run must come to its end. A failure prints its seed: pass it as <c>seed:</c> to Sample to repeat the run.
/// </summary>
public sealed class SnapshotPropertyTests
{
    [Theory]
    [InlineData(ChannelOpening.Directed)]
    [InlineData(ChannelOpening.Pair)]
    public void Every_completed_snapshot_is_the_cut_that_the_histories_tell_and_everything_ends(ChannelOpening opening)
    {
        var sightings = new Sightings();
        Gen.UInt.Array[50, 600].Sample(steps => new TokenWorld(opening, sightings).Run(steps), iter: 300);
        sightings.AssertSeen(
            "completed",
            "aborted",
            "channel state that is not empty",
            "overlapping snapshots",
            "completed while another was open",
            "slow one overtaken",
            "second initiator",
            "channel opened inside a snapshot",
            "newcomer while a snapshot is open",
            "report of a stranger",
            "report again",
            "crash inside a recording",
            "crash that lost a step",
            "frame held back",
            "frame dropped",
            "packet repeated",
            "window full",
            "late marker",
            "void run",
            "void run passed in part as markers");
    }
}
