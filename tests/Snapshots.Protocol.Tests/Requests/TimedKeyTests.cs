using static Snapshots.Protocol.KeyStanding;
using static Snapshots.Protocol.RequestLimits;
using static Snapshots.Protocol.Tests.GivenKeys;

namespace Snapshots.Protocol.Tests;

public sealed class TimedKeyTests
{
    [Fact]
    public void A_repeat_gets_the_outcome_and_another_request_under_its_key_is_refused()
    {
        var memory = RequestMemory.Empty.Add(Timed(5, 7), ulong.MaxValue, [1, 2, 3], StartMs, Limits).Add(Timed(6, 7));
        Assert.Equal(Duplicate, memory.Find(Timed(5, 7), ulong.MaxValue, StartMs, Limits, out var outcome));
        Assert.Equal([1, 2, 3], outcome);
        Assert.Equal(KeyReused, memory.Find(Timed(5, 7), 1, StartMs, Limits, out outcome));
        Assert.Empty(outcome);
        Assert.Equal((New, New), (memory.Find(Timed(5, 8)), memory.Find(Timed(7, 7))));
        Assert.Equal((2, 0, null), (memory.TimedKeys, memory.HandMadeKeys, memory.HorizonMs));
    }

    [Fact]
    public void Nothing_is_forgotten_at_the_bound_and_a_batch_one_past_it()
    {
        var full = RequestMemory.Empty.AddTimed(0, MaxTimedKeys);
        Assert.Equal((MaxTimedKeys, null), (full.TimedKeys, full.HorizonMs));

        var after = full.AddTimed(MaxTimedKeys, 1);

        Assert.Equal(MaxTimedKeys + 1 - ForgottenAtOnce, after.TimedKeys);
        Assert.Equal(StartMs + ForgottenAtOnce - 1, after.HorizonMs);
        Assert.Equal(KeyTooOld, after.Find(Timed(ForgottenAtOnce - 1)));
        Assert.Equal(KeyTooOld, after.Find(Timed(ForgottenAtOnce - 1, 1)));
        Assert.Equal((Duplicate, New), (after.Find(Timed(ForgottenAtOnce)), after.Find(Timed(ForgottenAtOnce, 1))));
    }

    [Fact]
    public void The_oldest_times_go_first_in_whatever_order_they_came()
    {
        var memory = RequestMemory.Empty;
        for (var index = MaxTimedKeys; index >= RememberedTimedKeys; index--) memory = memory.Add(Timed(index));
        memory = memory.AddTimed(MaxTimedKeys + 1, RememberedTimedKeys);

        Assert.Equal(StartMs + RememberedTimedKeys + ForgottenAtOnce - 1, memory.HorizonMs);
        Assert.Equal(Duplicate, memory.Find(Timed(MaxTimedKeys)));
    }

    [Fact]
    public void A_key_is_taken_ten_minutes_ahead_of_the_clock_and_refused_a_millisecond_further()
    {
        var memory = RequestMemory.Empty.AddTimed(0, MaxTimedKeys + 1);
        Assert.Equal(New, memory.Find(Timed(MaxAheadMs + 5), 5));
        Assert.Equal(KeyFromFuture, memory.Find(Timed(MaxAheadMs + 6), 5));
        Assert.Throws<ArgumentException>(() => memory.Add(Timed(MaxAheadMs + 6), 5));
    }

    /// <summary>
    /// A key from tomorrow is not taken; but one that was, at a wrong clock, must not be all that stays.
    /// </summary>
    [Fact]
    public void A_clock_that_was_ahead_does_not_close_the_process_to_the_others()
    {
        const long TomorrowMs = 86_400_000;
        var memory = RequestMemory.Empty.Add(Timed(TomorrowMs), TomorrowMs).AddTimed(0, 10 * MaxTimedKeys);
        Assert.Equal(Duplicate, memory.Find(Timed(TomorrowMs)));
        Assert.True(memory.HorizonMs < StartMs + (10 * MaxTimedKeys));
    }

    [Theory]
    [InlineData(RememberedTimedKeys, Duplicate)]
    [InlineData(RememberedTimedKeys + 1, KeyTooOld)]
    public void The_oldest_time_is_forgotten_only_when_enough_came_after_it(int fromTheEnd, KeyStanding expected)
    {
        const int BehindMs = -86_400_000;
        var memory = RequestMemory.Empty.AddTimed(0, MaxTimedKeys + 1 - fromTheEnd).Add(Timed(BehindMs));
        memory = memory.AddTimed(MaxTimedKeys + 1, fromTheEnd - 1);
        Assert.NotNull(memory.HorizonMs);
        Assert.Equal(expected, memory.Find(Timed(BehindMs)));
    }

    /// <summary>
    /// (1) A silo's clock is an hour ahead and takes keys of its clients; (2) the process moves to a silo whose clock
    /// is right; (3) the clients repeat.
    /// </summary>
    [Fact]
    public void A_clock_that_goes_back_makes_no_known_key_new()
    {
        const long HourMs = 3_600_000;
        var memory = RequestMemory.Empty;
        for (var index = 0; index <= MaxTimedKeys; index++) memory = memory.Add(Timed(HourMs + index), HourMs);

        Assert.Equal(Duplicate, memory.Find(Timed(HourMs + MaxTimedKeys)));
        Assert.Equal(KeyTooOld, memory.Find(Timed(HourMs)));
        Assert.Equal(KeyFromFuture, memory.Find(Timed(HourMs + MaxTimedKeys, 1)));
    }

    [Fact]
    public void What_cannot_be_added_leaves_all_as_it_was()
    {
        var memory = RequestMemory.Empty.Add(Timed(0));
        var before = memory.Stored();
        Assert.Throws<ArgumentException>(() => memory.Add(Timed(0)));
        Assert.Throws<ArgumentException>(() => memory.Add(default));
        Assert.Throws<ArgumentException>(() => memory.Find(default));
        Assert.Throws<ArgumentOutOfRangeException>(() => memory.Add(Timed(1), -StartMs - 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => memory.Find(Timed(1), RequestKey.MaxTimeMs));
        var longest = ImmutableArray.Create(new byte[Limits.MaxOutcomeBytes]);
        Assert.Throws<ArgumentException>(() => memory.Add(Timed(1), 1, longest.Add(0), StartMs, Limits));
        Assert.Throws<ArgumentException>(() => memory.Add(Timed(1), 1, default, StartMs, Limits));
        Assert.Equal(before, memory);
        Assert.Equal(2, memory.Add(Timed(1), 1, longest, StartMs, Limits).TimedKeys);
    }

    [Fact]
    public void Memories_that_grew_from_the_same_one_do_not_see_each_others_requests()
    {
        var origin = RequestMemory.Empty.Add(Timed(1, 1));
        for (var round = 0; round < 200; round++)
        {
            var left = origin.Add(Timed(2, (ulong)round), 1, [1], StartMs, Limits);
            var right = origin.Add(Timed(3, (ulong)round), 2, [2], StartMs, Limits);
            Assert.Equal((New, New), (left.Find(Timed(3, (ulong)round)), right.Find(Timed(2, (ulong)round))));
            Assert.Equal((New, New), (origin.Find(Timed(2, (ulong)round)), origin.Find(Timed(3, (ulong)round))));
            Assert.Equal(new(3, StartMs + 3, 2, [2]), right.ChangesSince(origin).Timed.Added[0] with { Key = 3 });
            Assert.Equal(round + 1, origin.TimedKeys);
            origin = round % 2 == 0 ? left : right;
        }
    }
}
