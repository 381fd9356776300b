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
            var @base = process.ToRecord();
            for (var step = 0; step < 200; step++)
            {
                history.Step(process);
                var record = process.ToRecord();
                var applied = ProcessDelta.Apply(@base, ProcessDelta.Between(@base, record));
                Assert.Equal(Given.RecordCodec.Encode(record), Given.RecordCodec.Encode(applied));
                if (random.Next(40) == 0) @base = record;
            }
        }
    }

    [Fact]
    public void A_difference_holds_only_the_channels_that_changed()
    {
        var process = Given.Joined(Given.Alice);
        for (var peer = 0; peer < 100; peer++) process.Send(new($"p{peer}"), 1);
        var @base = process.ToRecord();
        process.Send(new("p42"), 2);
        process.Send(new("q"), 2);
        var delta = ProcessDelta.Between(@base, process.ToRecord());
        Assert.Equal(["p42", "q"], delta.Outgoing.Select(channel => channel.Target.Value));
        Assert.Equal(["q"], delta.Incoming.Select(channel => channel.Source.Value));
    }

    [Fact]
    public void Nothing_changed_is_no_difference()
    {
        var record = Golden.Process().ToRecord();
        var delta = ProcessDelta.Between(record, record);
        Assert.Empty(delta.Outgoing);
        Assert.Empty(delta.Incoming);
        Assert.All(delta.Recordings, recording => Assert.Empty(recording.Channels));
    }
}
