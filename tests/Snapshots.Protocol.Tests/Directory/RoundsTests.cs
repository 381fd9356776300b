namespace Snapshots.Protocol.Tests;

public sealed class RoundsTests
{
    private static readonly WorkToken Token = new(1);

    private readonly Dictionary<ProcessId, WorkToken> _registry = [];
    private readonly Rounds<WakeWork> _rounds;

    public RoundsTests() =>
        _rounds = new(
            work => _registry.TryGetValue(work.Process, out var present) ? new(work.Process, present) : null,
            DirectoryShard.WakePause,
            DirectoryShard.MaxWakeRounds);

    [Fact]
    public void Every_process_is_woken_once_and_64_at_a_time()
    {
        Start(0, 100);
        var first = TakeAll(0);
        Assert.Equal(64, first.Count);
        _rounds.Ended(first[0], wasReached: true, new(1));
        Assert.Single(TakeAll(1));
        foreach (var work in first.Skip(1)) _rounds.Ended(work, wasReached: true, new(2));
        var rest = TakeAll(2);
        Assert.Equal(35, rest.Count);
        foreach (var work in rest) _rounds.Ended(work, wasReached: true, new(3));
        Assert.Null(_rounds.DueAt);
        Assert.Empty(TakeAll(1_000_000));
    }

    [Fact]
    public void An_empty_registry_needs_no_round()
    {
        Start(0, 0);
        Assert.Null(_rounds.DueAt);
        Assert.Null(_rounds.Take(new(0)));
    }

    [Fact]
    public void A_process_that_cannot_be_reached_is_tried_again_with_growing_pauses_and_given_up_after_60_rounds()
    {
        Start(0, 2);
        Miss(0, expected: 2);
        var now = 0L;
        var pauses = new List<long>();
        while (_rounds.DueAt is { } due)
        {
            Assert.Empty(TakeAll(due.Milliseconds - 1));
            Assert.Null(_rounds.TakeGivenUp());
            pauses.Add(due.Milliseconds - now);
            now = due.Milliseconds;
            Miss(now, expected: 2);
        }

        Assert.Equal([250, 500, 1000, 2000, 4000, 5000, 5000], pauses.Take(7));
        Assert.Equal(DirectoryShard.MaxWakeRounds - 1, pauses.Count);
        Assert.Equal((2, new WakeWork(new("p0"), Token)), _rounds.TakeGivenUp());
        Assert.Null(_rounds.TakeGivenUp());
        Assert.Empty(TakeAll(now + 1_000_000));
    }

    [Fact]
    public void Only_those_that_were_not_reached_are_tried_again()
    {
        Start(0, 3);
        var works = TakeAll(0);
        _rounds.Ended(works[0], wasReached: true, new(0));
        _rounds.Ended(works[1], wasReached: false, new(0));
        Assert.Null(_rounds.DueAt); // The round is not over.
        _rounds.Ended(works[2], wasReached: true, new(0));
        Assert.Equal([works[1]], TakeAll(250));
    }

    [Fact]
    public void A_process_that_was_removed_meanwhile_is_not_tried_again_and_one_with_another_token_under_that()
    {
        Start(0, 3);
        Miss(0, expected: 3);
        _registry.Remove(new("p0"));
        _registry[new("p1")] = new WorkToken(2);
        Assert.Equal([new(new("p1"), new(2)), new WakeWork(new("p2"), Token)], TakeAll(250));
    }

    [Fact]
    public void A_new_loss_starts_over_with_the_whole_registry_and_short_pauses()
    {
        Start(0, 2);
        Miss(0, expected: 2);
        Miss(250, expected: 2);
        Assert.Equal(new Instant(750), _rounds.DueAt);
        Start(300, 3);
        Assert.Equal(3, TakeAll(300).Count);
    }

    [Fact]
    public void A_new_loss_in_the_middle_of_a_round_does_not_wait_for_what_is_under_way()
    {
        Start(0, 64);
        var old = TakeAll(0);
        Start(10, 64);
        Assert.Empty(TakeAll(10)); // As many as may be are under way.
        foreach (var work in old) _rounds.Ended(work, wasReached: true, new(20));
        Assert.Equal(64, TakeAll(20).Count);
    }

    private void Start(long now, int count)
    {
        for (var number = 0; number < count; number++) _registry[new($"p{number}")] = Token;
        _rounds.Start(_registry.Select(pair => new WakeWork(pair.Key, pair.Value)), new(now));
    }

    private List<WakeWork> TakeAll(long now)
    {
        var works = new List<WakeWork>();
        while (_rounds.Take(new(now)) is { } work) works.Add(work);
        return works;
    }

    private void Miss(long now, int expected)
    {
        var works = TakeAll(now);
        Assert.Equal(expected, works.Count);
        foreach (var work in works) _rounds.Ended(work, wasReached: false, new(now));
    }
}
