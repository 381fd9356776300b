namespace Snapshots.Grains.Tests;

public sealed class PacketCodecTests
{
    private static PacketCodec<Letter> Codec => new(Given.LetterCodec);

    private static PacketCodec<Letter> OwnForm => new(new MessageCodec<Letter>(Given.LetterCodec.General, new LetterForm()));

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

    /// <summary>A process at rest is woken by frames alone; what cannot be read is not dropped in silence.</summary>
    [Fact]
    public void It_is_told_without_decoding_whether_a_packet_may_have_frames()
    {
        var packet = Golden.Packet();
        Assert.True(PacketCodec<Letter>.MayHaveFrames(Codec.Encode(Given.Bob, packet)));
        Assert.False(PacketCodec<Letter>.MayHaveFrames(Codec.Encode(Given.Bob, new([], packet.Acknowledgements, packet.Notices))));
        Assert.True(PacketCodec<Letter>.MayHaveFrames(new(new byte[] { 9, 0, 0 })));
        Assert.True(PacketCodec<Letter>.MayHaveFrames(new(ReadOnlyMemory<byte>.Empty)));
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
        // Version, "bob", one frame: from "alice", epoch 1, number 1, a run of 1, nothing acknowledged, kind 9.
        byte[] body = [1, 3, .. "bob"u8, 1, 5, .. "alice"u8, 1, 1, 0, 0, 9, 0, 0];
        Assert.Throws<InvalidDataException>(() => Codec.Decode(new Packet(body)));
    }

    [Fact]
    public void Messages_travel_in_the_applications_own_form()
    {
        var content = Golden.Packet();
        var body = OwnForm.Encode(Given.Bob, content);
        Assert.Equal(content.Frames, OwnForm.Decode(body).Frames);
        Assert.NotEqual(Codec.Encode(Given.Bob, content).Body.ToArray(), body.Body.ToArray());
    }

    [Fact]
    public void Who_has_a_form_of_its_own_still_reads_the_general_one() =>
        Assert.Equal(Golden.Packet().Frames, OwnForm.Decode(Codec.Encode(Given.Bob, Golden.Packet())).Frames);

    [Fact]
    public void Who_lacks_the_applications_form_says_so()
    {
        var exception = Assert.Throws<InvalidDataException>(() => Codec.Decode(OwnForm.Encode(Given.Bob, Golden.Packet())));
        Assert.Equal("a Letter is written in a form that cannot be read here", exception.Message);
    }

    [Fact]
    public void A_damaged_message_in_the_applications_form_is_damage()
    {
        // Version, "bob", one frame: from "alice", epoch 1, number 1, a run of 1, nothing acknowledged, own form,
        // message 1, two bytes.
        byte[] body = [1, 3, .. "bob"u8, 1, 5, .. "alice"u8, 1, 1, 0, 0, 3, 1, 2, 7, 7, 0, 0];
        var exception = Assert.Throws<InvalidDataException>(() => OwnForm.Decode(new Packet(body)));
        Assert.Equal("a Letter is damaged: eight bytes make a letter", exception.Message);
    }
}
