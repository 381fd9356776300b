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
                var applied = ProcessDelta.Apply(@base, process.ToRecord(since));
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
}
