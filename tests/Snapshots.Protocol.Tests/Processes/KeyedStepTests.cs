using static Snapshots.Protocol.Tests.Given;
using static Snapshots.Protocol.Tests.GivenKeys;

namespace Snapshots.Protocol.Tests;

/// <summary>Steps that answer a request under a key: the outcome is remembered with the step.</summary>
public sealed class KeyedStepTests
{
    private const long RetentionMs = 1_000;
    private static readonly ProtocolLimits Short =
        ProtocolLimits.Default with { Requests = new() { KeyRetentionMs = RetentionMs } };

    [Fact]
    public void A_step_and_its_outcome_are_one_change_and_a_repeat_finds_the_outcome()
    {
        var p = Joined(P);
        p.Apply(new Reaction<string, string>("done", [new(Q, "m")]), Request("k", 5), Start);

        Assert.Equal("done", p.State);
        Assert.Equal("m1", p.TakeFrames().Shape());
        Assert.Equal(KeyStanding.Duplicate, p.Find(Hand("k"), 1, StartMs, out var outcome));
        Assert.Equal([5], outcome);
        Assert.Equal(KeyStanding.KeyReused, p.Find(Hand("k"), 2, StartMs, out _));
    }

    [Fact]
    public void An_outcome_without_a_reaction_is_remembered_and_counts_as_a_change()
    {
        var p = Joined(P);
        var revision = p.Revision;
        p.Apply(null, Request("k", 5), Start);
        Assert.Equal(string.Empty, p.State);
        Assert.True(p.Revision > revision);
        Assert.Equal(KeyStanding.Duplicate, p.Find(Hand("k"), 1, StartMs, out _));
    }

    [Fact]
    public void A_step_that_is_refused_changes_neither_state_nor_memory()
    {
        var p = Joined(P, limits: ProtocolLimits.Default with { Window = 1 });
        p.Apply(null, Request("k", 5), Start);
        var before = p.ToRecord();

        Assert.Throws<ArgumentException>(() => p.Apply(new Reaction<string, string>("x"), Request("k", 6), Start));
        Assert.Throws<ArgumentException>(
            () => p.Apply(new Reaction<string, string>("x", [new(P, "m")]), Request("l", 6), Start));
        Assert.Throws<InvalidOperationException>(
            () => p.Apply(new Reaction<string, string>("x", [new(Q, "m"), new(Q, "n")]), Request("l", 6), Start));
        Assert.Throws<InvalidOperationException>(() => Newcomer(P).Apply(null, Request("k", 5), Start));

        Assert.Equal(Render.Text(before), p.Text());
        Assert.Same(before.Requests, p.Requests);
    }

    [Fact]
    public void A_cut_copies_the_memory_as_it_is_then()
    {
        var p = Joined(P);
        p.Apply(null, Request("before", 5), Start);
        p.Initiate(Snapshot(1), Start);
        p.Apply(null, Request("after", 5), Start);

        var local = Assert.IsType<LocalReport<string>>(Assert.Single(p.TakeReports()));
        Assert.Equal(KeyStanding.Duplicate, local.Requests.Find(Hand("before")));
        Assert.Equal(KeyStanding.New, local.Requests.Find(Hand("after")));
    }

    [Fact]
    public void Checkpoint_and_entries_make_the_memory_again()
    {
        var p = Joined(P);
        p.Apply(null, Request("k0", 0), Start);
        var replay = new ProcessReplay<string, string>(p.TakeRecord(StartMs));
        for (var step = 1; step < 100; step++)
        {
            p.Apply(null, Request($"k{step}", (byte)step), Start);
            if (step % 7 == 0) replay.Apply(p.TakeChange());
        }

        replay.Apply(p.TakeChange());
        Assert.Equal(p.Requests, replay.ToRecord().Requests);
        Assert.Equal(p.Requests, p.Restored().Requests);
        Assert.Empty(p.TakeChange().Requests.HandMade.Added);
    }

    /// <summary>The entry with a cut lists what is new up to the cut, not all keys, and no channel that the counts have.</summary>
    [Fact]
    public void An_entry_with_a_cut_says_how_its_memory_and_channels_differ_from_what_is_stored()
    {
        var p = Joined(P, ChannelOpening.Pair);
        for (var step = 0; step < 100; step++) p.Apply(null, Request($"k{step}", (byte)step), Start);
        p.OpenChannel(Q, Start);
        var replay = new ProcessReplay<string, string>(p.TakeRecord(StartMs));

        p.Apply(null, Request("before", 5), Start);
        p.Initiate(Snapshot(1), Start);
        p.Apply(null, Request("after", 5), Start);
        p.OpenChannel(R, Start);
        var change = p.TakeChange();
        replay.Apply(change);
        p.Apply(null, Request("later", 5), Start);
        replay.Apply(p.TakeChange());

        var cut = Assert.Single(change.Recordings);
        Assert.Single(cut.Requests!.HandMade.Added);
        Assert.Equal(RequestMemory.Empty, cut.Local!.Requests);
        Assert.Equal([R], cut.Channels.Select(channel => channel.Source));
        var restored = Assert.Single(replay.ToRecord().Recordings);
        Assert.Equal(Assert.Single(p.ToRecord().Recordings).Local!.Requests, restored.Local!.Requests);
        Assert.Equal(101, restored.Local.Requests.HandMadeKeys);
        Assert.Equal([Q, R], restored.Channels.Select(channel => channel.Source));
        Assert.Equal(103, replay.ToRecord().Requests.HandMadeKeys);
    }

    [Fact]
    public void An_entry_that_does_not_follow_is_refused()
    {
        var p = Joined(P);
        var replay = new ProcessReplay<string, string>(p.ToRecord());
        var change = p.TakeChange() with { Requests = new(null, new([new(0, 1)], []), new([], [])) };
        Assert.Throws<FormatException>(() => replay.Apply(change));
    }

    [Fact]
    public void A_checkpoint_is_without_expired_keys_and_an_entry_follows_on_it()
    {
        var p = Joined(P, limits: Short);
        p.Apply(null, Request("old", 1), Start);
        p.Apply(null, Request("young", 2, afterMs: 1), Start);

        var checkpoint = p.TakeRecord(StartMs + RetentionMs);
        p.Apply(null, Request("new", 3, afterMs: RetentionMs), Start);
        var replay = new ProcessReplay<string, string>(checkpoint);
        replay.Apply(p.TakeChange());

        Assert.Equal(1, checkpoint.Requests.HandMadeKeys);
        Assert.Equal(p.Requests, replay.ToRecord().Requests);
    }

    [Fact]
    public void A_participant_leaves_expired_keys_out_of_a_checkpoint_by_the_clock_that_it_is_given()
    {
        foreach (var (wallMs, kept) in new[] { (0L, 1), (StartMs + RetentionMs - 1, 1), (StartMs + RetentionMs, 0) })
        {
            var p = Joined(P, limits: Short);
            p.Apply(null, Request("k", 1), Start);
            var participant = new Participant<string, string>(
                P,
                LogApplication.Instance,
                ChannelOpening.Directed,
                Short,
                ParticipantOptions.Default with { TakesEntries = false },
                new(1),
                new(p.ToRecord(), new(1, 0, 0)),
                Start);
            participant.Apply(new Reaction<string, string>("x"), Start);
            var write = Assert.IsType<WriteWork<string, string>>(participant.TakeWork(Start, wallMs));
            Assert.Equal(kept, write.Checkpoint!.Requests.HandMadeKeys);
            participant.Completed(write, 1, Start);
            Assert.Equal(participant.Revision, participant.DurableRevision);
        }
    }

    private static KeyedRequest Request(string key, byte outcome, long afterMs = 0) =>
        new(Hand(key), 1, [outcome], StartMs + afterMs);
}
