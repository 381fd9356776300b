using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using Snapshots.Protocol;

namespace Snapshots.Documents.Tests;

/// <summary>Documents that several tests start from, and what they do to them.</summary>
internal static class Examples
{
    /// <summary>
    /// The example of the contract, word for word, with its digest, which was computed by another program.
    /// </summary>
    public const string Contract = """
        {
          "schemaVersion": 1,
          "id": "s-1",
          "status": "completed",
          "epoch": 1,
          "initiator": "alice",
          "startedAt": "2026-01-31T12:00:00.000Z",
          "completedAt": "2026-01-31T12:00:00.040Z",
          "processes": [
            { "id": "alice", "state": { "balance": 70, "deposited": 100, "withdrawn": 0 } },
            { "id": "bob",   "state": { "balance": 0,  "deposited": 0,   "withdrawn": 0 } }
          ],
          "channels": [
            { "source": "alice", "target": "bob", "sent": 3, "delivered": 2,
              "messages": [ { "sequence": 3, "type": "transfer", "transferId": "t-9", "amount": 30 } ] },
            { "source": "bob", "target": "alice", "sent": 0, "delivered": 0, "messages": [] }
          ],
          "certificate": {
            "consistent": true, "violations": [], "processCount": 2, "channelCount": 2, "markerCount": 2,
            "messagesInTransit": 1, "balance": 70, "inTransit": 30, "deposited": 100, "withdrawn": 0, "conserved": true,
            "digest": "sha256:53688e48dc9af5ca91cf7724f3cb19f9254c287e1a3023d62ad9f9cfc66ccd4c"
          }
        }
        """;

    public static readonly DateTimeOffset Start = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    public static SnapshotHeader Header { get; } =
        new(new SnapshotId("s-1"), Epoch.First, new ProcessId("alice"), Start);

    public static GlobalState<Figures, BankMessage> ContractState { get; } = new(
        [Process("alice", new Figures(70, 100, 0)), Process("bob", new Figures(0, 0, 0))],
        [
            Channel("alice", "bob", 3, 2, new BankMessage("transfer", "t-9", 30)),
            Channel<BankMessage>("bob", "alice", 0, 0),
        ]);

    /// <summary>
    /// A richer state: money on its way in both directions, a return, a withdrawal, a process without channels.
    /// </summary>
    public static GlobalState<Figures, BankMessage> RichState { get; } = new(
        [
            Process("alice", new Figures(5, 100, 20)),
            Process("bob", new Figures(40, 0, 3)),
            Process("carol", new Figures(7, 7, 0)),
        ],
        [
            Channel(
                "alice", "bob", 7, 5, new BankMessage("transfer", "t-6", 10), new BankMessage("transfer", "t-7", 12)),
            Channel("bob", "alice", 4, 3, new BankMessage("return", "t-5", 10)),
        ]);

    public static GlobalState<TokenState, long> TokenState { get; } = new(
        [Process("P", new TokenState(1, 2)), Process("Q", new TokenState(1, 1))],
        [Channel("P", "Q", 1, 0, 1L), Channel<long>("Q", "P", 0, 0)]);

    public static SnapshotDocument Of(GlobalState<Figures, BankMessage> state) =>
        SnapshotDocument.Completed(Header, Start.AddMilliseconds(40), state, new BankFormat());

    public static SnapshotDocument OfTokens() => SnapshotDocument.Completed(
        Header with { Initiator = new ProcessId("P") }, Start, TokenState, new TokenFormat());

    public static ProcessState<TState> Process<TState>(string id, TState state) => new(new ProcessId(id), state);

    public static ChannelState<TMessage> Channel<TMessage>(
        string source, string target, long sent, long delivered, params ImmutableArray<TMessage> messages) => new(
        new ChannelId(new ProcessId(source), new ProcessId(target)),
        new MessageCount(sent),
        new MessageCount(delivered),
        [.. messages.Select((message, index) =>
            new NumberedMessage<TMessage>(new MessageCount(delivered + index + 1), message))]);

    public static string Text(this SnapshotDocument document, bool indented = false) =>
        Encoding.UTF8.GetString(document.ToUtf8(indented).Span);

    public static JsonNode Node(this SnapshotDocument document) =>
        JsonNode.Parse(document.ToUtf8(indented: false).Span)!;

    public static SnapshotVerification Verify(string json) => SnapshotVerifier.Verify(Encoding.UTF8.GetBytes(json));

    public static SnapshotVerification Verify(JsonNode node) => Verify(node.ToJsonString());

    /// <summary>Computes the digest again, as an editor that hides a change would.</summary>
    public static JsonNode WithNewDigest(this JsonNode node)
    {
        using var document = System.Text.Json.JsonDocument.Parse(node.ToJsonString());
        node["certificate"]!["digest"] = DocumentDigest.Of(document.RootElement);
        return node;
    }
}
