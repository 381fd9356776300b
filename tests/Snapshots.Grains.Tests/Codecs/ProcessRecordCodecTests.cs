namespace Snapshots.Grains.Tests;

public sealed class ProcessRecordCodecTests
{
    [Fact]
    public void Every_record_of_a_random_history_comes_back()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var process = Given.Joined(Given.Alice);
            var history = new History(new Random(seed), peers: 6);
            var codec = Given.RecordCodec;
            for (var step = 0; step < 100; step++)
            {
                history.Step(process);
                var bytes = codec.Encode(process.ToRecord());
                var again = Given.Restored(codec.Decode(Given.Alice, bytes));
                Assert.Equal(bytes, codec.Encode(again.ToRecord()));
            }
        }
    }

    [Fact]
    public void Every_truncation_is_damage()
    {
        var bytes = Given.RecordCodec.Encode(Golden.Process().ToRecord());
        for (var length = 0; length < bytes.Length; length++)
        {
            var cut = bytes.AsMemory(0, length);
            Assert.ThrowsAny<Exception>(() => Given.RecordCodec.Decode(Given.Alice, cut));
        }
    }

    [Fact]
    public void Bytes_past_the_end_are_damage()
    {
        byte[] longer = [.. Given.RecordCodec.Encode(Golden.Process().ToRecord()), 0];
        Assert.Throws<InvalidDataException>(() => Given.RecordCodec.Decode(Given.Alice, longer));
    }

    [Fact]
    public void An_unknown_version_is_refused_and_named()
    {
        var bytes = Given.RecordCodec.Encode(Golden.Process().ToRecord());
        bytes[0] = 9;
        var exception = Assert.Throws<InvalidDataException>(() => Given.RecordCodec.Decode(Given.Alice, bytes));
        Assert.Equal("alice was stored by version 9, which is not known", exception.Message);
    }

    [Fact]
    public void An_unknown_use_of_links_is_damage()
    {
        var bytes = Given.RecordCodec.Encode(Golden.Process().ToRecord(), place: new RecordPlace(Base: 1, Chain: 1, LinkUse.Now));
        Assert.Equal((byte)LinkUse.Now, bytes[3]);
        bytes[3] = (byte)LinkUse.Now + 1;
        Assert.Throws<InvalidDataException>(() => ProcessRecordCodec<string, string>.PlaceOf(Given.Alice, bytes));
    }
}
