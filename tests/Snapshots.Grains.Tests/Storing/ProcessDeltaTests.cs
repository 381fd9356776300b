using Snapshots.Protocol;

namespace Snapshots.Grains.Tests;

public sealed class ProcessDeltaTests
{
    [Fact]
    public void A_difference_brings_a_base_to_where_the_process_is()
    {
        for (var seed = 0; seed < 30; seed++)
        {
            var process = Given.Joined(Given.Alice);
            var random = new Random(seed);
            var history = new History(random, peers: 8);
            var (@base, since) = (process.ToRecord(), process.Revision);
            for (var step = 0; step < 200; step++)
            {
                history.Step(process);
                var applied = ProcessDelta.Apply(@base, Coded(process.ToRecord(since)));
                Assert.Equal(Given.RecordCodec.Encode(process.ToRecord()), Given.RecordCodec.Encode(applied));
                if (random.Next(40) == 0) (@base, since) = (process.ToRecord(), process.Revision);
            }
        }
    }

    [Fact]
    public void A_difference_holds_only_the_channels_that_changed()
    {
        var process = Given.Joined(Given.Alice);
        for (var peer = 0; peer < 100; peer++) process.Send(new($"p{peer}"), 1);
        var since = process.Revision;
        process.Send(new("p42"), 2);
        process.Send(new("q"), 2);
        process.Send(new("p42"), 2);
        var delta = process.ToRecord(since);
        Assert.Equal(["p42", "q"], delta.Outgoing.Select(channel => channel.Target.Value));
        Assert.Equal(["q"], delta.Incoming.Select(channel => channel.Source.Value));
    }

    [Fact]
    public void A_difference_leaves_out_the_frames_that_are_kept()
    {
        var process = Given.Joined(Given.Alice);
        for (var letter = 1; letter <= 3; letter++) process.Send(Given.Bob, letter);
        var (@base, since) = (process.ToRecord(), process.Revision);
        process.Send(Given.Bob, 4);
        process.AcknowledgeTo(Given.Bob, 2);
        var delta = process.ToRecord(since);
        var channel = Assert.Single(delta.Outgoing);
        Assert.Equal(new FrameNumber(3), channel.KeptUpTo);
        Assert.Equal(new FrameNumber(4), Assert.Single(channel.Unacknowledged).First);
        Assert.Equal(Given.RecordCodec.Encode(process.ToRecord()), Given.RecordCodec.Encode(ProcessDelta.Apply(@base, delta)));
    }

    /// <summary>Frames 1 to 3 are markers, void in the base; 4 is one, too, and joins their run after it.</summary>
    [Fact]
    public void A_run_of_void_frames_is_kept_as_far_as_it_is_not_acknowledged_and_written_anew_when_it_grows()
    {
        var process = Given.Joined(Given.Alice);
        process.OpenChannel(Given.Bob, default);
        process.Learn(Given.Announcement(3, 1, 2, 3));
        for (var snapshot = 1; snapshot <= 3; snapshot++) process.Initiate(new(snapshot), default);
        process.Learn(Given.Announcement(4, 4));
        process.Initiate(new(4), default);
        var (@base, since) = (process.ToRecord(), process.Revision);
        Assert.Equal(2, @base.Outgoing[0].Unacknowledged.Length);

        process.AcknowledgeTo(Given.Bob, 2);
        AssertKept(upTo: 4, written: 0);
        process.Send(Given.Bob, 1);
        AssertKept(upTo: 4, written: 1);
        process.Learn(Given.Announcement(4));
        AssertKept(upTo: default, written: 2);

        void AssertKept(long upTo, int written)
        {
            var delta = process.ToRecord(since);
            Assert.Equal((new FrameNumber(upTo), written), (delta.Outgoing[0].KeptUpTo, delta.Outgoing[0].Unacknowledged.Length));
            Assert.Equal(Given.RecordCodec.Encode(process.ToRecord()), Given.RecordCodec.Encode(ProcessDelta.Apply(@base, Coded(delta))));
        }
    }

    [Fact]
    public void A_base_without_the_frames_that_were_kept_is_not_the_base()
    {
        var process = Given.Joined(Given.Alice);
        var older = process.ToRecord();
        process.Send(Given.Bob, 1);
        var (@base, since) = (process.ToRecord(), process.Revision);
        process.Send(Given.Bob, 2);
        var delta = process.ToRecord(since);
        ProcessDelta.Apply(@base, delta);
        Assert.Throws<InvalidDataException>(() => ProcessDelta.Apply(older, delta));
    }

    [Fact]
    public void Of_a_recording_that_was_open_a_difference_holds_only_the_channels_that_changed()
    {
        var process = Given.Joined(Given.Alice);
        for (var peer = 0; peer < 100; peer++) process.Send(new($"p{peer}"), 1);
        process.Learn(Given.Announcement(2, 1, 2));
        process.Initiate(new(1), default);
        var since = process.Revision;
        process.Initiate(new(2), default);
        process.Receive(process.NextLetter(new("p7"), 1), default);
        process.Receive(process.NextMarker(new("p9"), new(1)), default);
        var delta = process.ToRecord(since);
        Assert.Equal(["p7", "p9"], delta.Recordings[0].Channels.Select(channel => channel.Source.Value).Order());
        Assert.Equal(100, delta.Recordings[1].Channels.Length);
    }

    [Fact]
    public void Nothing_changed_is_no_difference()
    {
        var process = Golden.Process();
        var delta = process.ToRecord(process.Revision);
        Assert.Empty(delta.Outgoing);
        Assert.Empty(delta.Incoming);
        Assert.All(delta.Recordings, recording => Assert.Empty(recording.Channels));
    }

    [Fact]
    public void Before_the_first_revision_all_is_different()
    {
        var process = Given.Restored(Golden.Process().ToRecord());
        Assert.Equal(
            Given.RecordCodec.Encode(process.ToRecord()),
            Given.RecordCodec.Encode(ProcessDelta.Apply(process.ToRecord(), process.ToRecord(since: -1))));
        Assert.Equal(process.ToRecord().Outgoing.Length, process.ToRecord(since: -1).Outgoing.Length);
    }

    private static ProcessRecord<LetterState, Letter> Coded(ProcessRecord<LetterState, Letter> record) =>
        Given.RecordCodec.Decode(Given.Alice, Given.RecordCodec.Encode(record));
}
