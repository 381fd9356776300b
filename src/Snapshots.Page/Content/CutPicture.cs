using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Snapshots.Diagrams;

namespace Snapshots.Page;

/// <summary>
/// Draws the cut of a snapshot as a document of its own. The page shows it as an image, in which no script runs.
/// </summary>
internal static class CutPicture
{
    /// <summary>Messages of one channel that are named; the picture counts the others.</summary>
    private const int MaxMessages = 3;

    /// <summary>Returns the picture, and the policy that allows its own style and nothing else.</summary>
    public static (byte[] Svg, string Policy) Draw(SnapshotContent content)
    {
        var svg = content.Flights.Count > 0 ? DrawFlights(content) : CutDiagram.Draw(
            content.Rendered.Id.Value,
            ProcessesOf(content),
            content.Channels.TakeWhile(channel => channel.Messages.Length > 0).Select(InTransitOf));
        return (Encoding.UTF8.GetBytes(svg), $"default-src 'none'; {StyleOf(svg)}; frame-ancestors 'none'");
    }

    /// <summary>With what the flight recorders have kept.</summary>
    private static string DrawFlights(SnapshotContent content) => FlightDiagram.Draw(
        content.Rendered.Id.Value,
        content.Number.Value,
        ProcessesOf(content),
        [.. content.Channels.Select(channel =>
            new ChannelAtCut(InTransitOf(channel), channel.Sent.Value, channel.Delivered.Value))],
        content.Flights.Select(flight => new DiagramFlight(flight.Key.Value, [.. flight.Value.Select(EventOf)])));

    private static DiagramFlightEvent EventOf(FlightEvent happened) => new(
        happened.Kind switch
        {
            FlightEventKind.Sent => DiagramEventKind.Send,
            FlightEventKind.Delivered => DiagramEventKind.Delivery,
            _ => DiagramEventKind.Record,
        },
        happened.Peer.Value ?? string.Empty,
        happened.Number,
        happened.AtMs);

    private static ImmutableArray<DiagramProcess> ProcessesOf(SnapshotContent content) =>
        [.. content.Rendered.State.Processes.Select(process => new DiagramProcess(process.Id.Value, WordsOf(process.State)))];

    private static ChannelInTransit InTransitOf(ChannelState<ReadOnlyMemory<byte>> channel) => new(
        channel.Channel.Source.Value,
        channel.Channel.Target.Value,
        [.. channel.Messages.Select((message, index) =>
            index < MaxMessages ? NameOf(message.Message) : string.Empty)]);

    private static string StyleOf(string svg)
    {
        const string Begin = "<style>";
        var start = svg.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var style = svg[start..svg.IndexOf("</style>", StringComparison.Ordinal)];
        return $"style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(style)))}'";
    }

    /// <summary>A message in a word or two: its first text, such as its type, and its first number.</summary>
    private static string NameOf(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        JsonValueKind[] kinds = [JsonValueKind.String, JsonValueKind.Number];
        var words = kinds.Select(kind =>
            document.RootElement.EnumerateObject().FirstOrDefault(member => member.Value.ValueKind == kind).Value);
        return string.Join(' ', words.Where(word => word.ValueKind != JsonValueKind.Undefined));
    }

    /// <summary>A state in some words: its fields that are no objects and no lists.</summary>
    private static string WordsOf(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object) return root.ToString();
        return string.Join(", ", root.EnumerateObject()
            .Where(member => member.Value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array))
            .Select(member => $"{member.Name} {member.Value}"));
    }
}
