using Snapshots.Grains;
using static Snapshots.Bank.Tests.Given;

namespace Snapshots.Bank.Tests;

public sealed class RequestMemoryTests
{
    private const int Kept = BankLimits.RememberedRequests;
    private const int Most = BankLimits.MaxRememberedRequests;
    private const int AtOnce = BankLimits.ForgottenAtOnce;

    [Fact]
    public void What_is_added_is_found_with_all_that_was_said()
    {
        var entry = Entry(Key("k"), 0x1234_5678_9ABC_DEF0, RefusalReason.NotOpen);
        var memory = RequestMemory.Empty.Add(entry).Add(Entry(Timed(5, 7), ulong.MaxValue, RefusalReason.Overflow));

        Assert.Equal(KeyStanding.Remembered, memory.Find(Key("k"), out var found));
        Assert.Equal(entry, found);
        Assert.Equal(KeyStanding.Remembered, memory.Find(Timed(5, 7), out found));
        Assert.Equal((ulong.MaxValue, RefusalReason.Overflow), (found.Fingerprint, found.Reason));
        Assert.Equal(KeyStanding.New, memory.Find(Timed(5, 8), out _));
        Assert.Equal(KeyStanding.New, memory.Find(Timed(6, 7), out _));
        Assert.Equal(KeyStanding.New, memory.Find(Key("K"), out _));
        Assert.Equal((2, 1), (memory.Count, memory.HandMadeKeys));
    }

    [Fact]
    public void An_add_leaves_its_origin_as_it_was()
    {
        var before = RequestMemory.Empty.Add(Entry(Key("a")));
        before.Add(Entry(Key("b")));
        Assert.Equal(KeyStanding.New, before.Find(Key("b"), out _));
        Assert.Equal(1, before.Count);
    }

    [Fact]
    public void A_known_key_or_an_outcome_without_key_cannot_be_added()
    {
        var memory = RequestMemory.Empty.Add(Entry(Key("a")));
        Assert.Throws<ArgumentException>(() => memory.Add(Entry(Key("a"))));
        Assert.Throws<ArgumentException>(() => memory.Add(Entry(default)));
        Assert.Throws<ArgumentException>(() => memory.Add(Entry(Key("b"), reason: RefusalReason.KeyReused)));
        Assert.Throws<ArgumentException>(() => memory.Find(default, out _));
    }

    [Fact]
    public void Nothing_is_forgotten_at_the_bound_and_a_batch_one_past_it()
    {
        var full = Fill(Most);
        Assert.Equal((Most, null), (full.Count, full.Horizon));

        var after = full.Add(Entry(Timed(Most)));

        Assert.Equal(Most + 1 - AtOnce, after.Count);
        Assert.Equal(Start.AddMilliseconds(AtOnce - 1), after.Horizon);
        Assert.Equal(KeyStanding.TooOld, after.Find(Timed(AtOnce - 1), out _));
        Assert.Equal(KeyStanding.TooOld, after.Find(Timed(AtOnce - 1, 1), out _));
        Assert.Equal(KeyStanding.Remembered, after.Find(Timed(AtOnce), out _));
        Assert.Equal(KeyStanding.New, after.Find(Timed(AtOnce, 1), out _));
    }

    [Fact]
    public void The_oldest_times_go_first_whatever_the_order_of_arrival()
    {
        var memory = RequestMemory.Empty;
        for (var index = 0; index < Most - Kept + 1; index++) memory = memory.Add(Entry(Timed(Most - index)));
        for (var index = 0; index < Kept; index++) memory = memory.Add(Entry(Timed(Most + 1 + index)));

        Assert.Equal(Start.AddMilliseconds(Kept - 1 + AtOnce), memory.Horizon);
        Assert.Equal(KeyStanding.Remembered, memory.Find(Timed(Most), out _));
    }

    [Fact]
    public void A_clock_that_is_ahead_does_not_close_the_account_to_the_others()
    {
        var nextYear = RequestKeys.Create(Start.AddDays(365), 1);
        var memory = RequestMemory.Empty.Add(Entry(nextYear));
        for (var index = 0; index < 10 * Most; index++) memory = memory.Add(Entry(Timed(index)));

        Assert.Equal(KeyStanding.Remembered, memory.Find(nextYear, out _));
        Assert.True(memory.Horizon < Start.AddMilliseconds(10 * Most));
    }

    [Fact]
    public void The_last_to_arrive_are_remembered_although_their_clock_is_behind()
    {
        var memory = Fill(Most - 10);
        var yesterday = Start.AddDays(-1);
        var behind = Enumerable.Range(0, 10).Select(index => RequestKeys.Create(yesterday, (ulong)index)).ToList();
        foreach (var key in behind) memory = memory.Add(Entry(key));
        for (var index = 0; index < Kept - 10; index++) memory = memory.Add(Entry(Timed(Most + index)));

        Assert.NotNull(memory.Horizon);
        Assert.All(behind, key => Assert.Equal(KeyStanding.Remembered, memory.Find(key, out _)));
    }

    [Theory]
    [InlineData(Kept, KeyStanding.Remembered)]
    [InlineData(Kept + 1, KeyStanding.TooOld)]
    public void The_oldest_time_is_forgotten_only_when_enough_came_after_it(int fromTheEnd, KeyStanding expected)
    {
        var behind = RequestKeys.Create(Start.AddDays(-1), 0);
        var memory = Fill(Most + 1 - fromTheEnd).Add(Entry(behind));
        for (var index = 1; index < fromTheEnd; index++) memory = memory.Add(Entry(Timed(Most + index)));

        Assert.NotNull(memory.Horizon);
        Assert.Equal(expected, memory.Find(behind, out _));
    }

    [Fact]
    public void Forgotten_hand_made_keys_are_still_refused()
    {
        var memory = RequestMemory.Empty;
        for (var index = 0; index <= Most; index++) memory = memory.Add(Entry(Key($"h{index}")));

        Assert.Null(memory.Horizon);
        Assert.Equal(AtOnce, memory.ForgottenHandMadeKeys.Count());
        Assert.Equal(Most + 1, memory.HandMadeKeys);
        Assert.Equal(KeyStanding.TooOld, memory.Find(Key("h0"), out _));
        Assert.Equal(KeyStanding.TooOld, memory.Find(Key($"h{AtOnce - 1}"), out _));
        Assert.Equal(KeyStanding.Remembered, memory.Find(Key($"h{AtOnce}"), out _));
    }

    [Fact]
    public void Forgotten_hand_made_keys_are_kept_in_the_order_in_which_they_came_whatever_came_between()
    {
        var (mixed, alone) = (RequestMemory.Empty, RequestMemory.Empty);
        for (var index = 0; index <= Most; index++)
        {
            mixed = mixed.Add(Entry(index % 3 == 0 ? Key($"h{index / 3}") : Timed(index)));
            alone = alone.Add(Entry(Key($"h{index}")));
        }

        var forgotten = mixed.ForgottenHandMadeKeys.ToList();
        Assert.InRange(forgotten.Count, 2, AtOnce);
        Assert.Equal(alone.ForgottenHandMadeKeys.Take(forgotten.Count), forgotten);
    }

    [Fact]
    public void Hand_made_keys_are_taken_to_the_bound_and_refused_past_it()
    {
        var memory = RequestMemory.Empty;
        for (var index = 0; index < BankLimits.MaxHandMadeKeys; index++) memory = memory.Add(Entry(Key($"h{index}")));
        Assert.Equal(BankLimits.MaxHandMadeKeys, memory.HandMadeKeys);

        var state = new AccountState(open: true, 5, 5, 0, memory);
        var execution = Execute(state, new DepositRequest(Key("one-more"), Amount(1)));

        Assert.Equal(Outcome.HandMadeKeysFull, execution.Outcome);
        Assert.Equal(RefusalReason.KeyTooOld, execution.Outcome.Reason);
        Assert.Null(execution.Reaction);
        for (var index = 0; index < 2 * Most; index++) memory = memory.Add(Entry(Timed(index)));
        Assert.Equal(BankLimits.MaxHandMadeKeys, memory.ForgottenHandMadeKeys.Count());
        Assert.Equal(KeyStanding.TooOld, memory.Find(Key("h1"), out _));
        Assert.Equal(KeyStanding.HandMadeKeysFull, memory.Find(Key("one-more"), out _));
    }

    [Fact]
    public void All_chunks_but_the_last_are_shared_from_one_memory_to_the_next()
    {
        var memory = Fill(Most);
        var next = memory.Add(Entry(Timed(Most)));
        var shared = next.Chunks.Intersect(memory.Chunks, ReferenceEqualityComparer.Instance).Count();

        Assert.Equal((Most - AtOnce) / BankLimits.RequestsPerChunk, shared);
        Assert.Equal(next.Chunks.Length - 1, shared);
    }

    [Fact]
    public void Equality_is_by_content_in_order_and_not_by_chunks()
    {
        var memory = Fill(3 * Most).Add(Entry(Key("h")));
        var restored = RequestMemory.Restore(memory.Horizon, memory.Entries, memory.ForgottenHandMadeKeys);

        Assert.Equal(memory, restored);
        Assert.Equal(memory.GetHashCode(), restored.GetHashCode());
        Assert.NotEqual(memory, restored.Add(Entry(Key("i"))));
        Assert.NotEqual(Two("a", "b"), Two("b", "a"));
        Assert.NotEqual(RequestMemory.Empty.Add(Entry(Key("a"), 1)), RequestMemory.Empty.Add(Entry(Key("a"), 2)));
        Assert.False(memory.Equals(null));
    }

    [Fact]
    public void What_no_memory_can_hold_is_not_restored()
    {
        var entry = Entry(Key("a"));
        var most = Enumerable.Range(0, Most).Select(index => Entry(Timed(index))).ToList();
        var forgotten = Enumerable.Range(0, BankLimits.MaxHandMadeKeys).Select(index => (ulong)index).ToList();
        Assert.Equal(Most, RequestMemory.Restore(null, most, forgotten).Count);

        Assert.Throws<ArgumentException>(() => RequestMemory.Restore(null, [entry, entry], []));
        Assert.Throws<ArgumentException>(() => RequestMemory.Restore(null, [default], []));
        Assert.Throws<ArgumentException>(() => RequestMemory.Restore(null, [.. most, entry], []));
        Assert.Throws<ArgumentException>(() => RequestMemory.Restore(null, [entry], forgotten));
        Assert.Throws<ArgumentException>(() => RequestMemory.Restore(DateTimeOffset.MinValue, [], []));
    }

    private static RequestMemory Two(string first, string second) =>
        RequestMemory.Empty.Add(Entry(Key(first))).Add(Entry(Key(second)));

    private static RequestMemory Fill(int count)
    {
        var memory = RequestMemory.Empty;
        for (var index = 0; index < count; index++) memory = memory.Add(Entry(Timed(index)));
        return memory;
    }

    [Fact]
    public void Memories_that_grew_from_the_same_one_do_not_see_each_others_entries()
    {
        var origin = RequestMemory.Empty.Add(Entry(Timed(1, 1)));
        for (var round = 0; round < 2 * BankLimits.RequestsPerChunk; round++)
        {
            var left = origin.Add(Entry(Timed(2, (ulong)round), 1));
            var right = origin.Add(Entry(Key($"right{round}"), 2));
            Assert.Equal(KeyStanding.New, left.Find(Key($"right{round}"), out _));
            Assert.Equal(KeyStanding.New, right.Find(Timed(2, (ulong)round), out _));
            Assert.Equal(KeyStanding.New, origin.Find(Timed(2, (ulong)round), out _));
            Assert.Equal(round + 1, origin.Count);
            Assert.Equal(Entry(Timed(2, (ulong)round), 1), left.Entries.Last());
            Assert.Equal(Entry(Key($"right{round}"), 2), right.Entries.Last());
            origin = round % 2 == 0 ? left : right;
        }
    }

    [Fact]
    public void Of_two_threads_that_add_to_one_memory_neither_sees_the_others_entry()
    {
        var origin = RequestMemory.Empty.Add(Entry(Timed(1, 1)));
        for (ulong round = 0; round < 500; round++)
        {
            var grown = new RequestMemory[2];
            Parallel.For(
                0, 2, side => grown[side] = origin.Add(Entry(Timed(2, (2 * round) + (ulong)side), (ulong)side)));
            for (ulong side = 0; side < 2; side++)
            {
                Assert.Equal(Entry(Timed(2, (2 * round) + side), side), grown[side].Entries.Last());
                Assert.Equal(origin.Entries, grown[side].Entries.SkipLast(1));
            }

            origin = grown[round % 2];
        }
    }
}
