using System.Text;
using System.Text.Json.Nodes;
using Snapshots.Protocol;

namespace Snapshots.Documents.Tests;

/// <summary>Documents of applications that this program does not know, and that have no money.</summary>
public sealed class PlainDocumentTests
{
    private static readonly SnapshotHeader Header =
        new(new SnapshotId("s-1"), Epoch.First, new ProcessId("north"), Examples.Start) { Application = "stock" };

    private static readonly GlobalState<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> State = new(
        [Examples.Process("north", Json("""{"units":6}""")), Examples.Process("south", Json("null"))],
        [Examples.Channel("north", "south", 3, 2, Json("""{"type":"shipment","units":4}"""))]);

    [Fact]
    public void The_document_names_the_application_and_has_no_money()
    {
        var document = Document().Node();
        Assert.Equal("stock", document["application"]!.GetValue<string>());
        Assert.Equal(
            ["consistent", "violations", "processCount", "channelCount", "markerCount", "messagesInTransit", "digest"],
            document["certificate"]!.AsObject().Select(member => member.Key));
        Assert.Equal(
            """{"sequence":3,"type":"shipment","units":4}""", document["channels"]![0]!["messages"]![0]!.ToJsonString());
    }

    [Fact]
    public void It_is_proven_offline() => Assert.Empty(Examples.Verify(Document().Text(indented: true)).Violations);

    [Theory]
    [InlineData("processes.0.state.units", "7", "digest: ", null)]
    [InlineData("channels.0.sent", "4", "channelState north->south: 2 messages", "channelState north->south: 2 messages")]
    [InlineData("channels.0.delivered", "4", "noOrphan north->south:", "noOrphan north->south:")]
    [InlineData("channels.0.target", "\"west\"", "closed north->west:", "closed north->west:")]
    [InlineData("channels.0.messages.0.sequence", "2", "channelState north->south:", "channelState north->south:")]
    [InlineData("certificate.messagesInTransit", "2", "certificate.messagesInTransit:", "certificate.messagesInTransit:")]
    [InlineData("application", "\"other\"", "digest: ", null)]
    public void A_change_is_named(string path, string value, string named, string? namedWithNewDigest)
    {
        var node = Document().Node();
        var steps = path.Split('.');
        var parent = steps[..^1].Aggregate(
            (JsonNode)node, (at, step) => int.TryParse(step, out var index) ? at[index]! : at[step]!);
        parent[steps[^1]] = JsonNode.Parse(value);
        Assert.Contains(
            Examples.Verify(node).Violations, line => line.StartsWith(named, StringComparison.Ordinal));
        var violations = Examples.Verify(node.WithNewDigest()).Violations;
        if (namedWithNewDigest is null) Assert.Empty(violations);
        else Assert.Contains(violations, line => line.StartsWith(namedWithNewDigest, StringComparison.Ordinal));
    }

    [Fact]
    public void A_document_of_the_bank_without_its_money_is_refused()
    {
        var node = Examples.Of(Examples.RichState).Node();
        foreach (var name in new[] { "balance", "inTransit", "deposited", "withdrawn", "conserved" })
            node["certificate"]!.AsObject().Remove(name);
        Assert.Throws<DocumentFormatException>(() => Examples.Verify(node.WithNewDigest()));
    }

    [Fact]
    public void A_document_has_either_money_or_the_name_of_its_application()
    {
        Assert.Throws<ArgumentException>(
            () => SnapshotDocument.Completed(Header with { Application = null }, Examples.Start, State, RenderedFormat.Plain));
        Assert.Throws<ArgumentException>(
            () => SnapshotDocument.Completed(Header, Examples.Start, State, RenderedFormat.Money));
    }

    /// <summary>What a silo renders of the bank gives the very bytes that its types give.</summary>
    [Fact]
    public void The_rendered_bank_is_the_bank()
    {
        var format = new BankFormat();
        var typed = Examples.Of(Examples.RichState);
        var rendered = new GlobalState<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>(
            [.. Examples.RichState.Processes.Select(process => new ProcessState<ReadOnlyMemory<byte>>(
                process.Id, Rendered(writer => format.WriteState(writer, process.State))))],
            [.. Examples.RichState.Channels.Select(channel => new ChannelState<ReadOnlyMemory<byte>>(
                channel.Channel,
                channel.Sent,
                channel.Delivered,
                [.. channel.Messages.Select(message => new NumberedMessage<ReadOnlyMemory<byte>>(
                    message.Number,
                    Rendered(writer =>
                    {
                        writer.WriteStartObject();
                        format.WriteMessage(writer, message.Message);
                        writer.WriteEndObject();
                    })))]))]);
        var document = SnapshotDocument.Completed(
            Examples.Header, Examples.Start.AddMilliseconds(40), rendered, RenderedFormat.Money);
        Assert.Equal(typed.Text(), document.Text());
        Assert.Equal(typed.Certificate!.Money, document.Certificate!.Money);
    }

    private static SnapshotDocument Document() =>
        SnapshotDocument.Completed(Header, Examples.Start, State, RenderedFormat.Plain);

    private static ReadOnlyMemory<byte> Json(string text) => Encoding.UTF8.GetBytes(text);

    private static ReadOnlyMemory<byte> Rendered(Action<System.Text.Json.Utf8JsonWriter> write)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var writer = new System.Text.Json.Utf8JsonWriter(buffer, SnapshotDocument.WriterOptions(indented: false)))
            write(writer);
        return buffer.WrittenMemory;
    }
}
