using Snapshots.Scripts;

namespace Snapshots.Client;

/// <summary>Shows the result of a script, as JSON and as text.</summary>
internal sealed class ReplayReport(ReplayResult result, DateTimeOffset startedAt, DateTimeOffset endedAt)
{
    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteNumber("schemaVersion", SnapshotDocument.SchemaVersion);
        writer.WriteString("engine", result.Engine);
        writer.WriteBoolean("passed", result.Passed);
        writer.WriteStartArray("failures");
        foreach (var failure in result.Failures) writer.WriteStringValue(failure);
        writer.WriteEndArray();
        writer.WriteStartArray("snapshots");
        foreach (var snapshot in result.Snapshots) ToDocument(snapshot).WriteTo(writer);
        writer.WriteEndArray();
        writer.WriteStartArray("final");
        foreach (var process in result.Final)
        {
            writer.WriteStartObject();
            writer.WriteString("id", process.Id.Value);
            writer.WriteNumber("tokens", process.Tokens);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    public void Show(Page page)
    {
        page.Table(
            ["snapshot", "status", "processes", "channels"],
            result.Snapshots.Select(snapshot => (IReadOnlyList<string>)
            [
                snapshot.Id.Value,
                snapshot.IsComplete ? "completed" : "running",
                Processes(snapshot),
                Channels(snapshot),
            ]));
        page.Line(
            $"now: {string.Join(", ", result.Final.Select(process => $"{process.Id} {Number(process.Tokens)}"))}");
        foreach (var failure in result.Failures) page.Line(failure);
        page.Line(result.Passed ? $"passed on {result.Engine}" : $"failed on {result.Engine}");
    }

    private SnapshotDocument ToDocument(ReplaySnapshot snapshot)
    {
        var header = new SnapshotHeader(snapshot.Id, Epoch.First, snapshot.Initiator, startedAt);
        return snapshot.State is { } state
            ? SnapshotDocument.Completed(header, endedAt, state, TokenFormat.Instance)
            : SnapshotDocument.Running(header, snapshot.Progress);
    }

    private static string Processes(ReplaySnapshot snapshot) => snapshot.State is { } state
        ? string.Join(", ", state.Processes.Select(process => $"{process.Id} {Number(process.State.Tokens)}"))
        : $"waiting for {string.Join(", ", snapshot.Progress.WaitingFor)}";

    private static string Channels(ReplaySnapshot snapshot)
    {
        if (snapshot.State is not { } state) return "-";
        var busy = state.Channels.Where(channel => channel.Messages.Length > 0).Select(channel =>
            $"{channel.Channel} {string.Join(' ', channel.Messages.Select(each => Number(each.Message.Amount)))}");
        return string.Join(", ", busy.DefaultIfEmpty("all empty"));
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Writes the tokens of scripts into the document of a global state.</summary>
internal sealed class TokenFormat : IMoneyFormat<TokenState, TokenMessage>
{
    public static TokenFormat Instance { get; } = new();

    public void WriteState(Utf8JsonWriter writer, TokenState state)
    {
        writer.WriteStartObject();
        writer.WriteNumber("tokens", state.Tokens);
        writer.WriteEndObject();
    }

    public void WriteMessage(Utf8JsonWriter writer, TokenMessage message)
    {
        writer.WriteString("type", "transfer");
        writer.WriteNumber("amount", message.Amount);
    }

    public Figures FiguresOf(TokenState state) => new(state.Tokens, state.Issued, 0);

    public long InTransit(TokenMessage message) => message.Amount;
}
