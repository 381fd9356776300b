namespace Snapshots.Grains.Tests;

public sealed class PacketCodecTests
{
    private static PacketCodec<Letter> Codec => new(Given.LetterCodec);

    [Fact]
    public void A_packet_comes_back()
    {
        var content = Golden.Packet();
        var again = Codec.Decode(Codec.Encode(Given.Bob, content));
        Assert.Equal(content.Frames, again.Frames);
        Assert.Equal(content.Acknowledgements, again.Acknowledgements);
        Assert.Equal(content.Notices, again.Notices);
    }

    [Fact]
    public void A_codec_may_be_used_again()
    {
        var codec = Codec;
        var first = codec.Encode(Given.Bob, Golden.Packet());
        codec.Encode(Given.Alice, new([], [], []));
        Assert.Equal(first.Body.ToArray(), codec.Encode(Given.Bob, Golden.Packet()).Body.ToArray());
    }

    [Fact]
    public void Every_truncation_is_damage()
    {
        var body = Codec.Encode(Given.Bob, Golden.Packet()).Body;
        for (var length = 0; length < body.Length; length++)
        {
            var cut = new Packet(body[..length]);
            Assert.ThrowsAny<Exception>(() => Codec.Decode(cut));
        }
    }

    [Fact]
    public void An_unknown_version_is_refused()
    {
        var body = Codec.Encode(Given.Bob, Golden.Packet()).Body.ToArray();
        body[0] = 9;
        var exception = Assert.Throws<InvalidDataException>(() => Codec.Decode(new Packet(body)));
        Assert.Equal("a packet of version 9 is not known", exception.Message);
    }

    [Fact]
    public void An_unknown_kind_of_frame_is_refused()
    {
        // Version, "bob", one frame: from "alice", epoch 1, number 1, a run of 1, nothing acknowledged, kind 3.
        byte[] body = [1, 3, .. "bob"u8, 1, 5, .. "alice"u8, 1, 1, 0, 0, 3, 0, 0];
        Assert.Throws<InvalidDataException>(() => Codec.Decode(new Packet(body)));
    }
}
