using System.Security.Cryptography;
using System.Text;
using Snapshots.Diagrams;

namespace Snapshots.Page;

/// <summary>
/// Draws the cut of a snapshot as a document of its own. The page shows it as an image, in which nothing is carried out.
/// </summary>
internal static class CutPicture
{
    /// <summary>Messages of one channel that are named; the picture counts the others.</summary>
    private const int MaxMessages = 3;

    /// <summary>Returns the picture, and the policy that allows its own style and nothing else.</summary>
    public static (byte[] Svg, string Policy) Draw(SnapshotContent content)
    {
        var busy = content.Channels.TakeWhile(channel => channel.Messages.Length > 0).ToList();
        var svg = CutDiagram.Draw(
            content.Rendered.Id.Value,
            [.. content.Rendered.State.Processes.Select(process => new DiagramProcess(process.Id.Value, WordsOf(process.State)))],
            busy.Select(channel => new ChannelInTransit(
                channel.Channel.Source.Value,
                channel.Channel.Target.Value,
                [.. channel.Messages.Select((message, index) => index < MaxMessages ? WordsOf(message.Message) : string.Empty)])));
        return (Encoding.UTF8.GetBytes(svg), $"default-src 'none'; {StyleOf(svg)}; frame-ancestors 'none'");
    }

    private static string StyleOf(string svg)
    {
        const string Begin = "<style>";
        var start = svg.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var style = svg[start..svg.IndexOf("</style>", StringComparison.Ordinal)];
        return $"style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(style)))}'";
    }

    /// <summary>The scalar values of an object, with their names where they are no text.</summary>
    private static string WordsOf(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object) return root.ToString();
        return string.Join(", ", root.EnumerateObject()
            .Where(member => member.Value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.Null))
            .Select(member => member.Value.ValueKind == JsonValueKind.String
                ? member.Value.GetString()
                : $"{member.Name} {member.Value.GetRawText()}"));
    }
}
