using System.Text;
using Snapshots.Documents;
using Snapshots.Protocol;

namespace Snapshots.Client.Tests;

/// <summary>Writes documents as an export does, from JSON.</summary>
internal static class DocumentFiles
{
    private static readonly DateTimeOffset Start = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    /// <summary>The example of the bank: 30 of alice's 100 are on their way to bob.</summary>
    public static string WriteBank(string path, long inTransit = 30) => Write(
        path,
        application: null,
        [
            ("alice", $$"""{"balance":{{100 - inTransit}},"deposited":100,"withdrawn":0,"open":true}"""),
            ("bob", """{"balance":0,"deposited":0,"withdrawn":0,"open":true}"""),
        ],
        [("alice", "bob", 2, [$$"""{"type":"transfer","transferId":"t-9","amount":{{inTransit}}}"""]), ("bob", "alice", 0, [])]);

    /// <summary>Writes a document of states and channels; returns its path.</summary>
    public static string Write(
        string path,
        string? application,
        IEnumerable<(string Id, string State)> processes,
        IEnumerable<(string Source, string Target, int Delivered, string[] Messages)> channels)
    {
        var state = new GlobalState<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>(
            [.. processes.Select(each => new ProcessState<ReadOnlyMemory<byte>>(new(each.Id), Json(each.State)))],
            [.. channels.Select(each => new ChannelState<ReadOnlyMemory<byte>>(
                new(new(each.Source), new(each.Target)),
                new(each.Delivered + each.Messages.Length),
                new(each.Delivered),
                [.. each.Messages.Select((message, index) =>
                    new NumberedMessage<ReadOnlyMemory<byte>>(new(each.Delivered + index + 1), Json(message)))]))]);
        var initiator = state.Processes.IsEmpty ? default : state.Processes[0].Id;
        var header = new SnapshotHeader(new("s-1"), Epoch.First, initiator, Start) { Application = application };
        var document = SnapshotDocument.Completed(
            header, Start, state, application is null ? RenderedFormat.Money : RenderedFormat.Plain);
        File.WriteAllBytes(path, document.ToUtf8(indented: true).Span);
        return path;
    }

    private static ReadOnlyMemory<byte> Json(string text) => Encoding.UTF8.GetBytes(text);
}
