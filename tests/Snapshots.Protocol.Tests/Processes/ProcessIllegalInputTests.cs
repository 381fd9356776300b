using static Snapshots.Protocol.Tests.Given;

namespace Snapshots.Protocol.Tests;

/// <summary>Illegal input from the host throws and changes nothing.</summary>
public sealed class ProcessIllegalInputTests
{
    private static readonly ProtocolLimits Small = new() { Window = 2, MaxOpenRecordings = 2 };

    [Fact]
    public void Nothing_but_joining_and_learning_is_legal_before_joining()
    {
        var p = Newcomer(P);
        Unchanged.AfterThrow<InvalidOperationException>(p, () => p.Send(Q, "a"));
        Unchanged.AfterThrow<InvalidOperationException>(p, () => p.OpenChannel(Q, Start));
        Unchanged.AfterThrow<InvalidOperationException>(p, () => p.Initiate(Snapshot(1), Start));
        Unchanged.AfterThrow<InvalidOperationException>(p, () => p.Receive(Message(Q, P, 1, 1, "a"), Start));
        Unchanged.AfterThrow<InvalidOperationException>(p, () => p.Receive(Acknowledgement(P, Q, 1, default), Start));
    }

    [Fact]
    public void Joining_no_epoch() =>
        Unchanged.AfterThrow<ArgumentException>(Newcomer(P), p => p.Join(default, SnapshotAnnouncement.None, Start));

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Joining_another_epoch(long epoch) => Unchanged.AfterThrow<InvalidOperationException>(
        Joined(P, epoch: 2), p => p.Join(new Epoch(epoch), Announcement(1, 1), Start));

    [Fact]
    public void Joining_while_more_snapshots_are_open_than_a_process_records() => Unchanged.AfterThrow<InvalidOperationException>(
        Newcomer(P, limits: Small), p => p.Join(Epoch.First, Announcement(3, 1, 2, 3), Start));

    [Fact]
    public void Joining_again_while_more_snapshots_are_open_than_a_process_records()
    {
        var p = Joined(P, limits: Small);
        p.Initiate(Snapshot(9), Start);
        Unchanged.AfterThrow<InvalidOperationException>(p, () => p.Join(Epoch.First, Announcement(3, 1, 2), Start));
    }

    [Fact]
    public void Joining_records_up_to_the_limit_and_those_that_end_by_it_do_not_count()
    {
        var p = Joined(P, limits: Small);
        p.Initiate(Snapshot(1), Start);
        p.Initiate(Snapshot(2), Start);
        p.Join(Epoch.First, Announcement(4, 3, 4), Start);
        Assert.Equal([Snapshot(3), Snapshot(4)], p.OpenRecordings);
    }

    [Fact]
    public void Sending_to_itself() => Unchanged.AfterThrow<ArgumentException>(
        Joined(P), p => p.Apply(new("after", [new(Q, "a"), new(P, "b")]), Start));

    [Fact]
    public void Sending_to_nobody() => Unchanged.AfterThrow<ArgumentException>(
        Joined(P), p => p.Apply(new("after", [new(Q, "a"), new(default, "b")]), Start));

    [Fact]
    public void Sending_past_the_window()
    {
        var p = Joined(P, limits: Small);
        p.Send(Q, "a");
        Assert.True(p.HasRoom(Q));
        p.Send(Q, "b");
        Assert.False(p.HasRoom(Q));
        Unchanged.AfterThrow<InvalidOperationException>(p, () => p.Apply(new("after", [new(R, "x"), new(Q, "c")]), Start));
        p.Send(R, "x");
    }

    [Fact]
    public void Sending_more_at_once_than_the_window_has_room_for()
    {
        var p = Joined(P, limits: Small);
        Unchanged.AfterThrow<InvalidOperationException>(p, () => p.Send(Q, "a", "b", "c"));
        p.Send(Q, "a");
        Unchanged.AfterThrow<InvalidOperationException>(p, () => p.Send(Q, "b", "c"));
        p.Send(Q, "b");
        Assert.Equal(2, p.OutgoingTo(Q)!.Unacknowledged.Length);
    }

    [Fact]
    public void Filling_the_window_at_once_is_legal()
    {
        var p = Joined(P, limits: Small);
        p.Apply(new("after", [new(Q, "a"), new(R, "b"), new(Q, "c"), new(R, "d")]), Start);
        Assert.Equal("after", p.State);
    }

    [Fact]
    public void Opening_a_channel_to_itself_or_to_nobody()
    {
        Unchanged.AfterThrow<ArgumentException>(Joined(P), p => p.OpenChannel(P, Start));
        Unchanged.AfterThrow<ArgumentException>(Joined(P), p => p.OpenChannel(default, Start));
    }

    [Fact]
    public void Initiating_no_snapshot() => Unchanged.AfterThrow<ArgumentException>(Joined(P), p => p.Initiate(default, Start));

    [Fact]
    public void Initiating_one_snapshot_more_than_the_limit()
    {
        var p = Joined(P, limits: Small);
        p.Initiate(Snapshot(1), Start);
        p.Initiate(Snapshot(2), Start);
        Unchanged.AfterThrow<InvalidOperationException>(p, () => p.Initiate(Snapshot(3), Start));
        p.Learn(Announcement(2, 2));
        p.Initiate(Snapshot(3), Start);
        Assert.Equal([Snapshot(2), Snapshot(3)], p.OpenRecordings);
    }

    [Fact]
    public void A_frame_for_another_process() =>
        Unchanged.AfterThrow<ArgumentException>(Joined(P), p => p.Receive(Message(P, Q, 1, 1, "a"), Start));

    [Theory]
    [InlineData(ChannelOpening.Directed)]
    [InlineData(ChannelOpening.Pair)]
    public void A_frame_from_the_process_itself(ChannelOpening opening) =>
        Unchanged.AfterThrow<ArgumentException>(Joined(P, opening), p => p.Receive(Message(P, P, 1, 1, "a"), Start));

    [Fact]
    public void An_acknowledgement_for_another_process() => Unchanged.AfterThrow<ArgumentException>(
        Joined(P), p => p.Receive(Acknowledgement(Q, P, 1, default), Start));

    [Fact]
    public void A_notice_for_another_process() =>
        Unchanged.AfterThrow<ArgumentException>(Joined(P), p => p.Receive(new EpochNotice(Q, new Epoch(2))));

    [Fact]
    public void A_report_of_another_process() => Unchanged.AfterThrow<ArgumentException>(Joined(P), p => p.Accept(Local(Q, [], [])));

    [Fact]
    public void An_application_that_answers_to_itself_leaves_its_message_undelivered()
    {
        var p = Joined(P);
        p.Receive(Message(Q, P, 1, 1, "fine"), Start);
        Unchanged.AfterThrow<HandlerException>(p, () => p.Receive(Message(Q, P, 2, 2, "x>p:y"), Start));
    }

    [Fact]
    public void Nulls()
    {
        var p = Joined(P);
        Unchanged.AfterThrow<ArgumentNullException>(p, () => p.Join(Epoch.First, null!, Start));
        Unchanged.AfterThrow<ArgumentNullException>(p, () => p.Apply(null!, Start));
        Unchanged.AfterThrow<ArgumentNullException>(p, () => p.Receive((Frame<string>)null!, Start));
        Unchanged.AfterThrow<ArgumentNullException>(p, () => p.Receive((Acknowledgement)null!, Start));
        Unchanged.AfterThrow<ArgumentNullException>(p, () => p.Receive((EpochNotice)null!));
        Unchanged.AfterThrow<ArgumentNullException>(p, () => p.Learn(null!));
        Unchanged.AfterThrow<ArgumentNullException>(p, () => p.Accept(null!));
        Assert.Throws<ArgumentNullException>(() => new TestProcess(P, null!, ChannelOpening.Pair, ProtocolLimits.Default));
        Assert.Throws<ArgumentNullException>(() => new TestProcess(P, LogApplication.Instance, ChannelOpening.Pair, null!));
        Assert.Throws<ArgumentNullException>(() => new TestProcess(
            null!, LogApplication.Instance, ChannelOpening.Pair, ProtocolLimits.Default, Start));
    }

    [Fact]
    public void A_process_without_a_name() => Assert.Throws<ArgumentException>(() => Newcomer(default));
}
