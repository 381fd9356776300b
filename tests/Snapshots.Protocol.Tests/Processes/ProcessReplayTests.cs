using static Snapshots.Protocol.Tests.Given;

namespace Snapshots.Protocol.Tests;

public sealed class ProcessReplayTests
{
    /// <summary>Of a journal: a checkpoint, and an entry for every few steps, make the record of each moment.</summary>
    [Fact]
    public void The_last_record_and_all_changes_after_it_make_the_present_record()
    {
        var sightings = new Sightings();
        for (var seed = 0; seed < 100; seed++)
        {
            var random = new Random(seed);
            var history = new ProcessHistory(random, sightings);
            var replay = new ProcessReplay<string, string>(history.Process.TakeRecord(history.WallMs));
            for (var step = 0; step < 80; step++)
            {
                for (var inputs = random.Next(4); inputs >= 0; inputs--) history.Step();
                if (random.Next(30) == 0) replay = new(history.Process.TakeRecord(history.WallMs));
                else replay.Apply(history.Process.TakeChange());
                var (record, present) = (replay.ToRecord(), history.Process.ToRecord());
                var text = Render.Text(record);
                Assert.True(text == Render.Text(present), $"seed {seed}, step {step}: {text}");
                Assert.Equal(present.Requests, record.Requests);
                Assert.Equal(
                    present.Recordings.Select(recording => recording.Local?.Requests),
                    record.Recordings.Select(recording => recording.Local?.Requests));
                if (random.Next(30) == 0) history.Restore(replay.ToRecord());
            }
        }

        sightings.AssertSeen(
            "channel opened inside a snapshot",
            "overlapping snapshots",
            "channel closed with messages",
            "overflow",
            "snapshot ended",
            "keys inside a snapshot",
            "expired keys forgotten",
            "receipt of a Local",
            "receipt of a Channel",
            "receipt of a Overflow",
            "void run grew",
            "void run acknowledged in part");
    }

    [Fact]
    public void A_change_has_only_what_has_changed()
    {
        var p = Joined(P);
        p.Send(Q, "a");
        p.Send(R, "b");
        p.Receive(Message(Q, P, 1, 1, "x"), Start);
        p.Receive(Message(R, P, 1, 1, "y"), Start);
        p.TakeRecord(0);
        p.Send(R, "c");
        p.Receive(Message(Q, P, 2, 2, "z"), Start);
        var change = p.TakeChange();
        var outgoing = Assert.Single(change.Outgoing);
        Assert.Equal((R, new FrameNumber(1)), (outgoing.Target, outgoing.KeptUpTo));
        Assert.Equal("c", Assert.IsType<MessageContent<string>>(Assert.Single(outgoing.Entries).Content).Message);
        Assert.Equal(Q, Assert.Single(change.Incoming).Source);
        var nothing = p.TakeChange();
        Assert.Equal((0, 0, 0), (nothing.Outgoing.Length, nothing.Incoming.Length, nothing.Recordings.Length));
    }

    [Fact]
    public void Frames_that_an_entry_leaves_out_and_nothing_has_are_damage()
    {
        var p = Joined(P);
        var replay = new ProcessReplay<string, string>(p.TakeRecord(0));
        p.Send(Q, "a");
        p.TakeChange();
        p.Send(Q, "b");
        var exception = Assert.Throws<FormatException>(() => replay.Apply(p.TakeChange()));
        Assert.Equal("frames to q up to 1 are missing, those up to 0 exist", exception.Message);
    }

    [Fact]
    public void A_local_state_that_an_entry_leaves_out_and_nothing_has_is_damage()
    {
        var p = Joined(P);
        var replay = new ProcessReplay<string, string>(p.TakeRecord(0));
        p.Initiate(Snapshot(1), Start);
        p.TakeChange();
        var exception = Assert.Throws<FormatException>(() => replay.Apply(p.TakeChange()));
        Assert.Equal("the local state of snapshot 1 is missing", exception.Message);
    }

    [Fact]
    public void Recorded_messages_that_an_entry_leaves_out_and_nothing_has_are_damage()
    {
        var p = Joined(P);
        p.Receive(Message(Q, P, 1, 1, "x"), Start);
        p.Initiate(Snapshot(1), Start);
        var replay = new ProcessReplay<string, string>(p.TakeRecord(0));
        p.Receive(Message(Q, P, 2, 2, "y"), Start);
        p.TakeChange();
        p.Receive(Message(Q, P, 3, 3, "z"), Start);
        var exception = Assert.Throws<FormatException>(() => replay.Apply(p.TakeChange()));
        Assert.Equal("1 recorded messages of q are written before, 0 exist", exception.Message);
    }
}
