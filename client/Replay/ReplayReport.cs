using Snapshots.Scripts;

namespace Snapshots.Client;

/// <summary>Shows the result of a script, as JSON and as text.</summary>
internal sealed class ReplayReport<TState, TMessage>(
    ReplayResult<TState, TMessage> result,
    ScriptApplication<TState, TMessage> application,
    IDocumentFormat<TState, TMessage> format,
    DateTimeOffset startedAt,
    DateTimeOffset endedAt)
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
            if (process.State is TokenState tokens)
            {
                writer.WriteNumber("tokens", tokens.Tokens);
            }
            else
            {
                writer.WritePropertyName("state");
                format.WriteState(writer, process.State);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    public void Show(Page page)
    {
        string[] found = application.Property.Length == 0 ? [] : [application.Property];
        page.Table(
            ["snapshot", "status", .. found, "processes", "channels"],
            result.Snapshots.Select(snapshot => (IReadOnlyList<string>)
            [
                snapshot.Id.Value,
                snapshot.IsComplete ? "completed" : "running",
                .. found.Select(_ => Found(snapshot)),
                Processes(snapshot),
                Channels(snapshot),
            ]));
        page.Line($"now: {Describe(result.Final)}");
        foreach (var failure in result.Failures) page.Line(failure);
        page.Line(result.Passed ? $"passed on {result.Engine}" : $"failed on {result.Engine}");
    }

    private SnapshotDocument ToDocument(ReplaySnapshot<TState, TMessage> snapshot)
    {
        var header = new SnapshotHeader(snapshot.Id, Epoch.First, snapshot.Initiator, startedAt)
        {
            Application = format is IMoneyFormat<TState, TMessage> ? null : application.Name,
        };
        return snapshot.State is { } state
            ? SnapshotDocument.Completed(header, endedAt, state, format)
            : SnapshotDocument.Running(header, snapshot.Progress);
    }

    private string Found(ReplaySnapshot<TState, TMessage> snapshot) => snapshot.State is { } state
        ? string.Join(' ', application.Find(state).Select(process => process.Value).DefaultIfEmpty("none"))
        : "-";

    private string Processes(ReplaySnapshot<TState, TMessage> snapshot) => snapshot.State is { } state
        ? Describe(state.Processes)
        : $"waiting for {string.Join(", ", snapshot.Progress.WaitingFor)}";

    private string Channels(ReplaySnapshot<TState, TMessage> snapshot)
    {
        if (snapshot.State is not { } state) return "-";
        var busy = state.Channels.Where(channel => channel.Messages.Length > 0).Select(channel =>
            $"{channel.Channel} {Join(channel.Messages.Select(each => application.Describe(each.Message)))}");
        return string.Join(", ", busy.DefaultIfEmpty("all empty"));

        static string Join(IEnumerable<string> messages) => string.Join(' ', messages);
    }

    private string Describe(IEnumerable<ProcessState<TState>> processes) => string.Join(
        application.Property.Length == 0 ? ", " : "; ",
        processes.Select(process => $"{process.Id} {application.Describe(process.State)}"));
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
