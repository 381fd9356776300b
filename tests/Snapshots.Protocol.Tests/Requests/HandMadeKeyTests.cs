using static Snapshots.Protocol.KeyStanding;
using static Snapshots.Protocol.RequestLimits;
using static Snapshots.Protocol.Tests.GivenKeys;

namespace Snapshots.Protocol.Tests;

public sealed class HandMadeKeyTests
{
    private const long DayMs = 86_400_000;
    private const long RetentionMs = 7 * DayMs;

    [Fact]
    public void A_repeat_gets_the_outcome_and_another_request_under_its_key_is_refused()
    {
        var memory = RequestMemory.Empty.Add(Hand("rent-1"), 3, [], StartMs, Limits);
        Assert.Equal((Duplicate, KeyReused), (memory.Find(Hand("rent-1"), 0, 3), memory.Find(Hand("rent-1"), 0, 4)));
        Assert.Equal((New, New), (memory.Find(Hand("Rent-1")), memory.Find(Hand("rent-2"))));
        Assert.Equal((0, 1), (memory.TimedKeys, memory.HandMadeKeys));
    }

    [Fact]
    public void A_key_is_recognised_for_seven_days_and_names_a_new_request_after_that()
    {
        var memory = RequestMemory.Empty.Add(Hand("rent"), 10);
        Assert.Equal(Duplicate, memory.Find(Hand("rent"), RetentionMs + 9));
        Assert.Equal(New, memory.Find(Hand("rent"), RetentionMs + 10));

        memory = memory.Add(Hand("rent"), RetentionMs + 10, fingerprint: 2);

        Assert.Equal(KeyReused, memory.Find(Hand("rent"), RetentionMs + 10));
        Assert.Equal(Duplicate, memory.Find(Hand("rent"), (2 * RetentionMs) + 9, 2));
        Assert.Equal(1, memory.HandMadeKeys);
    }

    [Fact]
    public void Keys_are_taken_to_the_bound_and_one_more_when_the_oldest_has_expired()
    {
        var full = RequestMemory.Empty.AddHandMade(0, MostHandMadeKeys);
        Assert.Equal(MostHandMadeKeys, full.HandMadeKeys);
        Assert.Equal(TooManyKeys, full.Find(Hand("one-more"), RetentionMs - 1));
        Assert.Throws<ArgumentException>(() => full.Add(Hand("one-more"), RetentionMs - 1));
        Assert.Equal((Duplicate, New), (full.Find(Hand("h0"), RetentionMs - 1), full.Find(Timed(0))));

        var after = full.Add(Hand("one-more"), RetentionMs);

        Assert.Equal(MostHandMadeKeys, after.HandMadeKeys);
        Assert.Equal(TooManyKeys, after.Find(Hand("h0"), RetentionMs));
        Assert.Equal(Duplicate, after.Find(Hand("h1"), RetentionMs));
        Assert.Equal(1, after.Add(Hand("two-more"), 2 * RetentionMs).HandMadeKeys);
        Assert.Equal(after, full.Stored().Apply(after.ChangesSince(full)));
    }

    [Fact]
    public void Timed_requests_drop_the_expired_keys_too()
    {
        var memory = RequestMemory.Empty.AddHandMade(0, 100);
        const long NowMs = RetentionMs + 49;
        for (var index = 0; index <= 64; index++) memory = memory.Add(Timed(NowMs, (ulong)index), NowMs);
        Assert.Equal(50, memory.HandMadeKeys);
    }

    [Fact]
    public void A_checkpoint_need_not_hold_what_has_expired()
    {
        var memory = RequestMemory.Empty.AddHandMade(0, 100);
        Assert.Same(memory, memory.WithoutExpired(StartMs + RetentionMs - 1, Limits));
        var smaller = memory.WithoutExpired(StartMs + RetentionMs + 98, Limits);
        Assert.Equal((1, Duplicate), (smaller.HandMadeKeys, smaller.Find(Hand("h99"), RetentionMs + 98)));
    }

    /// <summary>The retention counts from the stored time: longer by as much as the clock was ahead.</summary>
    [Fact]
    public void A_key_that_was_stored_by_a_clock_ahead_is_kept_longer_and_keeps_no_other()
    {
        var memory = RequestMemory.Empty.Add(Hand("ahead"), DayMs).AddHandMade(0, 200);
        memory = memory.Add(Hand("later"), RetentionMs + 1000);
        Assert.Equal(2, memory.WithoutExpired(StartMs + RetentionMs + 1000, Limits).HandMadeKeys);
        Assert.Equal(Duplicate, memory.Find(Hand("ahead"), RetentionMs + DayMs - 1));
        Assert.Equal(New, memory.Find(Hand("ahead"), RetentionMs + DayMs));
        Assert.Equal(New, memory.Find(Hand("h0"), RetentionMs));
    }

    [Fact]
    public void The_limits_are_checked_by_name()
    {
        new RequestLimits { KeyRetentionMs = 1, MaxHandMadeKeys = 1, MaxOutcomeBytes = 1 }.Validate();
        new RequestLimits { KeyRetentionMs = MaxKeyRetentionMs, MaxHandMadeKeys = MostHandMadeKeys }.Validate();
        AssertRefused(nameof(RequestLimits.KeyRetentionMs), new() { KeyRetentionMs = 0 });
        AssertRefused(nameof(RequestLimits.KeyRetentionMs), new() { KeyRetentionMs = MaxKeyRetentionMs + 1 });
        AssertRefused(nameof(RequestLimits.MaxHandMadeKeys), new() { MaxHandMadeKeys = 0 });
        AssertRefused(nameof(RequestLimits.MaxHandMadeKeys), new() { MaxHandMadeKeys = MostHandMadeKeys + 1 });
        AssertRefused(nameof(RequestLimits.MaxOutcomeBytes), new() { MaxOutcomeBytes = 0 });
    }

    private static void AssertRefused(string name, RequestLimits limits) =>
        Assert.Contains(name, Assert.Throws<ArgumentException>(limits.Validate).Message, StringComparison.Ordinal);
}
