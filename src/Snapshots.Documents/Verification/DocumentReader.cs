using System.Text.Json;
using Snapshots.Protocol;

namespace Snapshots.Documents;

/// <summary>
/// Reads the document of a completed snapshot. It refuses what is not of the schema, and leaves it to the verifier
/// whether the numbers are right. Fields that it does not know are let pass: the schema may grow, and the digest covers
/// them.
/// </summary>
internal static class DocumentReader
{
    /// <exception cref="DocumentFormatException">The value is not such a document.</exception>
    public static ParsedDocument Read(JsonElement root)
    {
        var document = new DocumentNode(root);
        var version = document["schemaVersion"].Number();
        if (version != SnapshotDocument.SchemaVersion)
        {
            throw document["schemaVersion"].Error($"is {version}; this program reads {SnapshotDocument.SchemaVersion}");
        }

        var id = new SnapshotId(document["id"].Identity());
        CheckStatus(document["status"]);
        if (document["epoch"].Number() < 1) throw document["epoch"].Error("is not above zero");
        var initiator = root.TryGetProperty("initiator", out var named) && named.ValueKind == JsonValueKind.Null
            ? default
            : new ProcessId(document["initiator"].Identity());
        CheckTime(document["startedAt"]);
        CheckTime(document["completedAt"]);
        var processes = document["processes"].Items().ToList();
        var holdsTokens = processes.Count > 0 && processes[0]["state"].Find("tokens") is not null;
        var state = new GlobalState<Figures, long>(
            [.. processes.Select(process => ReadProcess(process, holdsTokens))],
            [.. document["channels"].Items().Select(channel => ReadChannel(channel, holdsTokens))]);
        return new ParsedDocument(id, initiator, state, holdsTokens, ReadCertificate(document["certificate"]));
    }

    private static void CheckStatus(DocumentNode status)
    {
        var name = status.Text();
        if (name == DocumentWriter.NameOf(DocumentStatus.Completed)) return;
        throw Enum.GetValues<DocumentStatus>().Any(known => DocumentWriter.NameOf(known) == name)
            ? new DocumentFormatException($"the document holds no certificate: the snapshot is {name}")
            : status.Error("is none of running, completed, aborted");
    }

    private static void CheckTime(DocumentNode time)
    {
        if (!DocumentTime.IsValid(time.Text())) throw time.Error("is no time such as 2026-01-31T12:00:00.000Z");
    }

    private static ProcessState<Figures> ReadProcess(DocumentNode process, bool holdsTokens)
    {
        var state = process["state"];
        return new ProcessState<Figures>(
            new ProcessId(process["id"].Identity()),
            holdsTokens
                ? new Figures(state["tokens"].Number(), 0, 0)
                : new Figures(state["balance"].Number(), state["deposited"].Number(), state["withdrawn"].Number()));
    }

    private static ChannelState<long> ReadChannel(DocumentNode channel, bool holdsTokens) => new(
        new ChannelId(new ProcessId(channel["source"].Identity()), new ProcessId(channel["target"].Identity())),
        new MessageCount(channel["sent"].Count()),
        new MessageCount(channel["delivered"].Count()),
        [.. channel["messages"].Items().Select(message => ReadMessage(message, holdsTokens))]);

    private static NumberedMessage<long> ReadMessage(DocumentNode message, bool holdsTokens)
    {
        var type = message["type"];
        if (type.Text() is not ("transfer" or "return")) throw type.Error("is neither transfer nor return");
        var transfer = holdsTokens ? message.Find("transferId") : message["transferId"];
        _ = transfer?.Identity();
        return new NumberedMessage<long>(new MessageCount(message["sequence"].Count()), message["amount"].Number());
    }

    private static StatedCertificate ReadCertificate(DocumentNode certificate)
    {
        var figures = new CertificateFigures(
            [.. certificate["violations"].Items().Select(violation => violation.Text())],
            certificate["processCount"].Count(),
            certificate["channelCount"].Count(),
            certificate["markerCount"].Count(),
            certificate["messagesInTransit"].Count(),
            certificate["balance"].Total(),
            certificate["inTransit"].Total(),
            certificate["deposited"].Total(),
            certificate["withdrawn"].Total());
        return new StatedCertificate(
            figures, certificate["consistent"].Truth(), certificate["conserved"].Truth(), certificate["digest"].Text());
    }
}
