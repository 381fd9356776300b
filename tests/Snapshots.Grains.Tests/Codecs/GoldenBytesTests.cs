using Snapshots.Protocol;

namespace Snapshots.Grains.Tests;

/// <summary>
/// The bytes on the wire and in storage. They are frozen: a change here breaks running clusters and everything that is
/// stored.
/// </summary>
public sealed class GoldenBytesTests
{
    public static TheoryData<string> Names { get; } = [.. Golden.Values.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void What_Orleans_serializes_has_its_golden_bytes(string name)
    {
        var value = Golden.Values[name];
        var bytes = Given.Serializer.SerializeToArray(value);
        AssertGolden(name, bytes);
        var again = Given.Serializer.Deserialize<object>(Convert.FromHexString(Golden.Bytes[name]));
        Assert.IsType(value.GetType(), again);

        // A list that was read is another kind of list than one that was made here. Its content is the same.
        var kept = Given.Serializer.SerializeToArray(again);
        Assert.Equal(kept, Given.Serializer.SerializeToArray(Given.Serializer.Deserialize<object>(kept)));
    }

    [Fact]
    public void A_checkpoint_has_its_golden_bytes()
    {
        AssertGolden("process-checkpoint", Given.RecordCodec.Encode(Golden.Process().TakeRecord(0)).ToArray());
        var again = Given.RecordCodec.Decode(Given.Alice, new(Convert.FromHexString(Golden.Bytes["process-checkpoint"]), []));
        AssertGolden("process-checkpoint", Given.RecordCodec.Encode(again).ToArray());
    }

    [Fact]
    public void An_entry_has_its_golden_bytes()
    {
        var process = Golden.Process();
        process.TakeRecord(0);
        var before = process.State;
        process.Receive(process.NextLetter(new("carol"), 13), default);
        process.Accept(process.UnacceptedReports().OfType<LocalReport<LetterState>>().First());
        process.Send(Given.Bob, 7);
        AssertGolden("process-entry", Given.DifferenceCodec.Encode(process.TakeChange(), before).ToArray());
        var again = Given.DifferenceCodec.Decode(
            Given.Alice,
            new(Convert.FromHexString(Golden.Bytes["process-checkpoint"]), [Convert.FromHexString(Golden.Bytes["process-entry"])]));
        Assert.Equal(Given.RecordCodec.Encode(process.ToRecord()).ToArray(), Given.RecordCodec.Encode(again).ToArray());
    }

    [Fact]
    public void What_was_stored_with_whole_keys_in_recordings_is_read()
    {
        var stored = new JournalContent(
            Convert.FromHexString(Golden.Bytes["process-checkpoint-1"]), [Convert.FromHexString(Golden.Bytes["process-entry-1"])]);
        var now = new JournalContent(
            Convert.FromHexString(Golden.Bytes["process-checkpoint"]), [Convert.FromHexString(Golden.Bytes["process-entry"])]);
        Assert.Equal(
            Given.RecordCodec.Encode(Given.DifferenceCodec.Decode(Given.Alice, now)).ToArray(),
            Given.RecordCodec.Encode(Given.DifferenceCodec.Decode(Given.Alice, stored)).ToArray());
    }

    [Fact]
    public void A_packet_has_its_golden_bytes() =>
        AssertGolden("packet-body", new PacketCodec<Letter>(Given.LetterCodec).Encode(Given.Bob, Golden.Packet()).Body.ToArray());

    [Fact]
    public void Nothing_is_golden_that_does_not_exist() =>
        Assert.Equal(
            Golden.Values.Keys.Concat([
                "packet-body", "process-checkpoint", "process-checkpoint-1", "process-entry", "process-entry-1", "request-changes",
                "request-memory", "request-memory-1"])
                .Order(StringComparer.Ordinal),
            Golden.Bytes.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void Reports_come_back_from_their_wire_form()
    {
        var local = Assert.IsType<LocalReport<StatePayload>>(Golden.Local().ToWire().FromWire());
        Assert.Equal((Golden.Local().Process, Golden.Local().State), (local.Process, local.State));
        Assert.Equal(Golden.Local().Sent, local.Sent);
        Assert.Equal(Golden.Local().Delivered, local.Delivered);
        var recorded = Assert.IsType<LocalReport<StatePayload>>(Golden.Recorded().ToWire().FromWire());
        Assert.Equal(Golden.Recorded().State.Flight, recorded.State.Flight);
        var channel = Assert.IsType<ChannelReport<Payload>>(Golden.Channel().ToWire().FromWire());
        Assert.Equal(Golden.Channel().Messages, channel.Messages);
        Assert.Equal((Golden.Channel().Source, Golden.Channel().DeliveredBefore), (channel.Source, channel.DeliveredBefore));
        Assert.Throws<ArgumentException>(() => new ReportSurrogate { Kind = 3, Process = "a" }.FromWire());
    }

    private static void AssertGolden(string name, byte[] bytes)
    {
        var hex = Convert.ToHexStringLower(bytes);
        Assert.True(Golden.Bytes.TryGetValue(name, out var golden) && golden == hex, $"GOLDEN {name} {hex}");
    }
}
