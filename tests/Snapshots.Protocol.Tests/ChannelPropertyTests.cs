using CsCheck;

namespace Snapshots.Protocol.Tests;

/// <summary>
/// The channel against the network. A failure prints its seed: pass it as <c>seed:</c> to Sample to repeat the run.
/// </summary>
public sealed class ChannelPropertyTests
{
    [Fact]
    public void What_is_delivered_is_what_was_sent_in_order_and_once_and_everything_ends_acknowledged()
    {
        var sightings = new Sightings();
        Gen.UInt.Array[20, 300].Sample(steps => new ChannelWorld(sightings).Run(steps), iter: 1500);
        sightings.AssertSeen(
            "duplicate",
            "held back",
            "dropped",
            "sent again",
            "window full",
            "void run",
            "void run acknowledged in part",
            "acknowledgement overtaken",
            "crash that lost a message not yet persisted",
            "crash that forgot a delivery not yet acknowledged");
    }
}
