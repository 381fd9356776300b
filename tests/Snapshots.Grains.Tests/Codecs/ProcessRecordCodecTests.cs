namespace Snapshots.Grains.Tests;

public sealed class ProcessRecordCodecTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_checkpoint_and_entry_of_a_random_history_comes_back(bool withDifferences)
    {
        var entries = 0;
        for (var seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            var process = Given.Joined(Given.Alice);
            var history = new History(random, peers: 6);
            var codec = withDifferences ? Given.DifferenceCodec : Given.RecordCodec;
            var content = new JournalContent(codec.Encode(process.TakeRecord(0)).ToArray(), []);
            for (var step = 0; step < 100; step++)
            {
                var before = process.State;
                for (var input = random.Next(3); input >= 0; input--) history.Step(process);
                content = random.Next(20) == 0
                    ? new(codec.Encode(process.TakeRecord(0)).ToArray(), [])
                    : new(content.Checkpoint, content.Entries.Add(codec.Encode(process.TakeChange(), before).ToArray()));
                var expected = Given.RecordCodec.Encode(process.ToRecord()).ToArray();
                Assert.Equal(expected, Given.RecordCodec.Encode(codec.Decode(Given.Alice, content)).ToArray());
                entries += content.Entries.Length;
            }
        }

        Assert.True(entries > 10_000, $"only {entries} entries were read");
    }

    [Fact]
    public void Every_truncation_is_damage()
    {
        var (checkpoint, entry) = Stored();
        for (var length = 0; length < checkpoint.Length; length++)
        {
            Assert.ThrowsAny<Exception>(() => Decode(checkpoint.AsMemory(0, length)));
        }

        for (var length = 0; length < entry.Length; length++)
        {
            Assert.ThrowsAny<Exception>(() => Decode(checkpoint, entry.AsMemory(0, length)));
        }
    }

    [Fact]
    public void Bytes_past_the_end_are_damage()
    {
        var (checkpoint, entry) = Stored();
        Assert.Throws<InvalidDataException>(() => Decode((byte[])[.. checkpoint, 0]));
        Assert.Throws<InvalidDataException>(() => Decode(checkpoint, (byte[])[.. entry, 0]));
    }

    [Fact]
    public void An_unknown_version_is_refused_and_named()
    {
        var (checkpoint, _) = Stored();
        checkpoint[0] = 9;
        var exception = Assert.Throws<InvalidDataException>(() => Decode(checkpoint));
        Assert.Equal("alice was stored by version 9, which is not known", exception.Message);
    }

    /// <summary>What the journal's numbers rule out, the codec notices all the same.</summary>
    [Fact]
    public void An_entry_that_does_not_follow_on_what_is_before_it_is_damage()
    {
        var (_, entry) = Stored();
        var other = Given.RecordCodec.Encode(Given.Joined(Given.Alice).TakeRecord(0)).ToArray();
        var exception = Assert.Throws<InvalidDataException>(() => Decode(other, entry));
        Assert.StartsWith("the stored entries of alice do not fit: ", exception.Message, StringComparison.Ordinal);
    }

    private static (byte[] Checkpoint, byte[] Entry) Stored()
    {
        var process = Golden.Process();
        var checkpoint = Given.RecordCodec.Encode(process.TakeRecord(0)).ToArray();
        var before = process.State;
        process.Send(Given.Bob, 7);
        return (checkpoint, Given.RecordCodec.Encode(process.TakeChange(), before).ToArray());
    }

    private static void Decode(ReadOnlyMemory<byte> checkpoint, params ReadOnlyMemory<byte>[] entries) =>
        Given.RecordCodec.Decode(Given.Alice, new(checkpoint, [.. entries]));
}
