using static Snapshots.Protocol.Tests.Given;

namespace Snapshots.Protocol.Tests;

public sealed class IncomingChannelTests
{
    private static readonly ProtocolLimits Limits = new() { MaxHeldBackFrames = 2 };
    private readonly IncomingChannel<string> _channel = new(P);

    [Fact]
    public void The_first_frame_is_next_and_the_second_is_early()
    {
        Assert.True(_channel.IsNext(Frame(1)));
        Assert.False(_channel.IsNext(Frame(2)));
        Assert.False(_channel.IsDuplicate(Frame(1)));
    }

    [Fact]
    public void A_delivered_frame_is_a_duplicate()
    {
        _channel.Pass(new(2));
        Assert.True(_channel.IsDuplicate(Frame(2)));
        Assert.False(_channel.IsDuplicate(Frame(3)));
        Assert.False(_channel.IsNext(Frame(2)));
    }

    [Fact]
    public void A_void_run_passed_in_part_is_next_and_passed_in_whole_a_duplicate()
    {
        _channel.Pass(new(3));
        Assert.True(_channel.IsNext(Void(P, Q, 2, 4)));
        Assert.True(_channel.IsNext(Void(P, Q, 4, 9)));
        Assert.False(_channel.IsNext(Void(P, Q, 5, 9)));
        Assert.True(_channel.IsDuplicate(Void(P, Q, 2, 3)));
    }

    [Fact]
    public void Only_messages_are_counted_and_digested()
    {
        _channel.PassMessage(new(1), LogApplication.Instance.Fingerprint("a"));
        _channel.Pass(new(5));
        Assert.Equal(new IncomingChannelRecord(P, new(5), new(1), DigestOf("a")), _channel.ToRecord());
    }

    [Fact]
    public void The_record_is_the_same_object_until_something_changes()
    {
        var record = _channel.ToRecord();
        _channel.HoldBack(Frame(2), Limits);
        Assert.Same(record, _channel.ToRecord());
        _channel.Pass(new(1));
        Assert.NotSame(record, _channel.ToRecord());
        Assert.Equal(_channel.ToRecord(), new IncomingChannel<string>(_channel.ToRecord()).ToRecord());
    }

    [Fact]
    public void Early_frames_are_kept_up_to_the_bound_and_one_more_is_dropped()
    {
        Assert.True(_channel.HoldBack(Frame(4), Limits));
        Assert.True(_channel.HoldBack(Frame(3), Limits));
        Assert.True(_channel.HoldBack(Frame(4), Limits));
        Assert.False(_channel.HoldBack(Frame(5), Limits));
        Assert.Equal(2, _channel.HeldBack);
    }

    [Fact]
    public void A_longer_run_takes_the_place_of_a_shorter_one_also_in_a_full_buffer()
    {
        _channel.HoldBack(Frame(3), Limits);
        _channel.HoldBack(Frame(9), Limits);
        Assert.True(_channel.HoldBack(Void(P, Q, 3, 5), Limits));
        Assert.True(_channel.HoldBack(Void(P, Q, 3, 4), Limits));
        _channel.Pass(new(2));
        Assert.Equal(new FrameNumber(5), _channel.TakeNextHeldBack()?.Last);
    }

    [Fact]
    public void Held_back_frames_come_out_in_order_and_only_when_they_are_next()
    {
        _channel.HoldBack(Frame(3), Limits);
        _channel.HoldBack(Frame(2), Limits);
        Assert.Null(_channel.TakeNextHeldBack());
        _channel.Pass(new(1));
        Assert.Equal(new FrameNumber(2), _channel.TakeNextHeldBack()?.First);
        Assert.Null(_channel.TakeNextHeldBack());
        _channel.Pass(new(2));
        Assert.Equal(new FrameNumber(3), _channel.TakeNextHeldBack()?.First);
        Assert.Equal(0, _channel.HeldBack);
    }

    [Fact]
    public void Held_back_frames_that_have_become_duplicates_are_dropped_on_the_way()
    {
        _channel.HoldBack(Frame(3), Limits);
        _channel.HoldBack(Frame(6), Limits);
        _channel.Pass(new(5));
        Assert.Equal(new FrameNumber(6), _channel.TakeNextHeldBack()?.First);
        Assert.Equal(0, _channel.HeldBack);
    }

    private static Frame<string> Frame(long number) => Message(P, Q, number, number, $"{number}");
}
