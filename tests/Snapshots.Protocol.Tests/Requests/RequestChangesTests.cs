using static Snapshots.Protocol.Tests.GivenKeys;

namespace Snapshots.Protocol.Tests;

public sealed class RequestChangesTests
{
    [Fact]
    public void One_request_adds_one_and_repeats_nothing()
    {
        var before = RequestMemory.Empty.AddTimed(0, 500).AddHandMade(0, 500);
        var changes = before.Add(Timed(500, 3), 500, 9).ChangesSince(before);
        Assert.Equal(new(3, StartMs + 500, 9, [7]), Assert.Single(changes.Timed.Added));
        Assert.True(changes.Timed.Forgotten.IsEmpty && IsNothing(changes.HandMade));
        changes = before.ChangesSince(before);
        Assert.True(IsNothing(changes.Timed) && IsNothing(changes.HandMade));
    }

    [Fact]
    public void What_was_forgotten_is_listed_in_runs()
    {
        var before = RequestMemory.Empty.AddTimed(0, RequestLimits.MaxTimedKeys - 10);
        var changes = before.AddTimed(RequestLimits.MaxTimedKeys, 11).ChangesSince(before);
        Assert.Equal(new KeyRun(0, RequestLimits.ForgottenAtOnce), Assert.Single(changes.Timed.Forgotten));
        Assert.Equal((StartMs + RequestLimits.ForgottenAtOnce - 1, 11),
            (changes.HorizonMs, changes.Timed.Added.Length));
    }

    [Fact]
    public void Equality_is_by_content_in_order_and_not_by_chunks()
    {
        var memory = RequestMemory.Empty.AddTimed(0, 5000).AddHandMade(0, 300);
        Assert.Equal(memory, memory.Stored());
        Assert.Equal(memory.GetHashCode(), memory.Stored().GetHashCode());
        Assert.NotEqual(memory, memory.Stored().Add(Hand("i"), 5000));
        var empty = RequestMemory.Empty;
        Assert.NotEqual(empty.Add(Hand("a")).Add(Hand("b")), empty.Add(Hand("b")).Add(Hand("a")));
        Assert.NotEqual(empty.Add(Hand("a"), 0, 1), empty.Add(Hand("a"), 0, 2));
        Assert.NotEqual(empty.Add(Hand("a"), 1, [1], StartMs, Limits), empty.Add(Hand("a"), 1, [2], StartMs, Limits));
        Assert.False(memory.Equals(null));
    }

    [Fact]
    public void Changes_that_no_memory_can_have_are_refused()
    {
        var one = RequestMemory.Empty.Add(Timed(0)).ChangesSince(RequestMemory.Empty).Timed.Added[0];
        Assert.Equal(1, RequestMemory.Empty.Apply(Change([], [one])).TimedKeys);
        var most = Change([], Many(RequestLimits.MaxTimedKeys));
        Assert.Equal(RequestLimits.MaxTimedKeys, RequestMemory.Empty.Apply(most).TimedKeys);

        AssertRefused(Change([], Many(RequestLimits.MaxTimedKeys + 1)));
        AssertRefused(Change([new(0, 1)], []));
        AssertRefused(Change([new(0, 0)], [one]));
        AssertRefused(Change([new(-1, 1)], [one]));
        AssertRefused(Change([], [one with { TimeMs = -1 }]));
        AssertRefused(Change([], [one with { TimeMs = RequestKey.MaxTimeMs + 1 }]));
        AssertRefused(Change([], [one with { Key = UInt128.One << 64 }]));
        AssertRefused(Change([], [one with { Outcome = default }]));
        AssertRefused(Change(default, [one]));
        AssertRefused(Change([], [one]) with { HorizonMs = -2 });
        AssertRefused(Change([], [one]) with { HorizonMs = RequestKey.MaxTimeMs + 1 });

        var memory = RequestMemory.Empty.Apply(Change([], [one]) with { HorizonMs = 5 });
        Assert.Throws<ArgumentException>(() => memory.Apply(Change([], []) with { HorizonMs = 4 }));
        Assert.Throws<ArgumentException>(() => memory.Apply(Change([new(0, 1), new(0, 1)], []) with { HorizonMs = 5 }));
        Assert.Equal(0, memory.Apply(Change([new(0, 1)], []) with { HorizonMs = 5 }).TimedKeys);
    }

    private static bool IsNothing(KeyChanges changes) => changes.Added.IsEmpty && changes.Forgotten.IsEmpty;

    private static RequestChanges Change(ImmutableArray<KeyRun> forgotten, ImmutableArray<RememberedRequest> added) =>
        new(null, new(forgotten, added), new([], []));

    private static ImmutableArray<RememberedRequest> Many(int count) =>
        [.. Enumerable.Range(0, count).Select(index => new RememberedRequest((UInt128)index, index, 1, []))];

    private static void AssertRefused(RequestChanges changes) =>
        Assert.Throws<ArgumentException>(() => RequestMemory.Empty.Apply(changes));
}
