using static Snapshots.Protocol.Tests.Given;

namespace Snapshots.Protocol.Tests;

/// <summary>The last events of a process, kept beside the protocol.</summary>
public sealed class FlightRecorderTests
{
    private readonly FlightRecorder _flight = new(4);
    private readonly TestProcess _p;

    public FlightRecorderTests()
    {
        _p = new(P, LogApplication.Instance, ChannelOpening.Directed, ProtocolLimits.Default, MarkerPolicy.Owed, _flight);
        _p.Join(new(1), SnapshotAnnouncement.None, Start);
    }

    [Fact]
    public void It_keeps_what_was_sent_delivered_and_recorded_in_order()
    {
        _p.Apply(new("x", [new(Q, "a")]), new(5));
        _p.Receive(Message(R, P, 1, 1, "b"), new(6));
        _p.Initiate(Snapshot(7), new(9));
        Assert.Equal(
            [
                new(FlightEventKind.Sent, Q, 1, 105),
                new(FlightEventKind.Delivered, R, 1, 106),
                new(FlightEventKind.Cut, default, 7, 109),
            ],
            _flight.Read(shiftMs: 100));
    }

    [Fact]
    public void Of_more_events_it_keeps_the_last()
    {
        _p.Send(Q, "1", "2", "3", "4", "5", "6");
        Assert.Equal([3, 4, 5, 6], _flight.Read(0).Select(each => each.Number));
    }

    [Fact]
    public void What_is_sent_again_or_comes_twice_is_no_event()
    {
        _p.Send(Q, "a");
        _p.Receive(Message(R, P, 1, 1, "b"), Start);
        _p.Receive(Message(R, P, 1, 1, "b"), Start);
        _p.Resend(new(100_000));
        Assert.Equal(2, _flight.Read(0).Length);
    }

    [Fact]
    public void A_restore_discards_the_events_with_their_history()
    {
        _p.Send(Q, "a");
        var part = new RestorePart<string, string>(
            new Gate(new(2), default, IsOpen: true), Local(P, [(Q, 7)], [(R, 3)]), [Channel(R, P, 3, ["in transit"])]);
        Assert.True(_p.Restore(part, new(50)));
        Assert.Equal([new(FlightEventKind.Delivered, R, 4, 50)], _flight.Read(0));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(FlightRecorder.MaxCapacity + 1)]
    [InlineData(int.MinValue)]
    [InlineData(int.MaxValue)]
    public void Its_size_is_bounded(int capacity) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new FlightRecorder(capacity));
}
