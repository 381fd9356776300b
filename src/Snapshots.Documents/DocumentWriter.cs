using System.Globalization;

namespace Snapshots.Documents;

/// <summary>
/// Writes the parts of a <see cref="SnapshotDocument"/>, each into the open object of the document, in order.
/// </summary>
internal static class DocumentWriter
{
    /// <summary>The most characters of an <see cref="Int128"/> in decimal, its sign included.</summary>
    private const int MaxInt128Length = 40;

    public static void WriteHeader(
        Utf8JsonWriter writer, SnapshotHeader header, DocumentStatus status, DateTimeOffset? endedAt)
    {
        // The verifier would refuse a document with a default identity.
        Identifier.Validate(header.Id.Value, nameof(header));
        ArgumentOutOfRangeException.ThrowIfLessThan(header.Epoch, Epoch.First, nameof(header));
        writer.WriteNumber("schemaVersion", SnapshotDocument.SchemaVersion);
        writer.WriteString("id", header.Id.Value);
        if (header.Application is { } application) writer.WriteString("application", application);
        writer.WriteString("status", NameOf(status));
        writer.WriteNumber("epoch", header.Epoch.Value);
        if (header.RestoredFrom is { } made)
        {
            writer.WriteStartObject("restoredFrom");
            writer.WriteNumber("restore", made.Restore.Value);
            writer.WriteString("snapshot", made.Snapshot.Value);
            writer.WriteEndObject();
        }

        if (header.Initiator == default) writer.WriteNull("initiator");
        else writer.WriteString("initiator", header.Initiator.Value);
        writer.WriteString("startedAt", DocumentTime.Format(header.StartedAt));
        if (endedAt is { } time) writer.WriteString("completedAt", DocumentTime.Format(time));
        else writer.WriteNull("completedAt");
    }

    public static void WriteGlobalState<TState, TMessage>(
        Utf8JsonWriter writer, GlobalState<TState, TMessage> state, IDocumentFormat<TState, TMessage> format)
    {
        writer.WriteStartArray("processes");
        foreach (var process in state.Processes)
        {
            writer.WriteStartObject();
            writer.WriteString("id", process.Id.Value);
            writer.WritePropertyName("state");
            format.WriteState(writer, process.State);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("channels");
        foreach (var channel in state.Channels) WriteChannel(writer, channel, format);
        writer.WriteEndArray();
    }

    public static void WriteNothing(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("processes");
        writer.WriteEndArray();
        writer.WriteStartArray("channels");
        writer.WriteEndArray();
    }

    public static void WriteCertificate(Utf8JsonWriter writer, CertificateFigures figures)
    {
        writer.WriteStartObject("certificate");
        writer.WriteBoolean("consistent", figures.Consistent);
        WriteStrings(writer, "violations", figures.Violations);
        writer.WriteNumber("processCount", figures.ProcessCount);
        writer.WriteNumber("channelCount", figures.ChannelCount);
        writer.WriteNumber("markerCount", figures.MarkerCount);
        writer.WriteNumber("messagesInTransit", figures.MessagesInTransit);
        if (figures.Money is { } money)
        {
            WriteTotal(writer, "balance", money.Balance);
            WriteTotal(writer, "inTransit", money.InTransit);
            WriteTotal(writer, "deposited", money.Deposited);
            WriteTotal(writer, "withdrawn", money.Withdrawn);
            writer.WriteBoolean("conserved", money.Conserved);
        }

        writer.WriteEndObject();
    }

    public static void WriteProgress(Utf8JsonWriter writer, CollectionProgress progress)
    {
        writer.WriteStartObject("progress");
        writer.WriteNumber("processesRecorded", progress.ProcessesRecorded);
        writer.WriteNumber("processesExpected", progress.ProcessesExpected);
        writer.WriteNumber("channelsClosed", progress.ChannelsClosed);
        writer.WriteNumber("channelsExpected", progress.ChannelsExpected);
        WriteStrings(writer, "waitingFor", progress.WaitingFor);
        writer.WriteEndObject();
    }

    public static string NameOf(DocumentStatus status) => status switch
    {
        DocumentStatus.Running => "running",
        DocumentStatus.Completed => "completed",
        DocumentStatus.Aborted => "aborted",
        _ => throw new ArgumentOutOfRangeException(nameof(status)),
    };

    private static void WriteChannel<TState, TMessage>(
        Utf8JsonWriter writer, ChannelState<TMessage> channel, IDocumentFormat<TState, TMessage> format)
    {
        writer.WriteStartObject();
        writer.WriteString("source", channel.Channel.Source.Value);
        writer.WriteString("target", channel.Channel.Target.Value);
        writer.WriteNumber("sent", channel.Sent.Value);
        writer.WriteNumber("delivered", channel.Delivered.Value);
        writer.WriteStartArray("messages");
        foreach (var (number, message) in channel.Messages)
        {
            writer.WriteStartObject();
            writer.WriteNumber("sequence", number.Value);
            format.WriteMessage(writer, message);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteStrings(Utf8JsonWriter writer, string name, IEnumerable<string> values)
    {
        writer.WriteStartArray(name);
        foreach (var value in values) writer.WriteStringValue(value);
        writer.WriteEndArray();
    }

    private static void WriteTotal(Utf8JsonWriter writer, string name, Int128 total)
    {
        Span<byte> digits = stackalloc byte[MaxInt128Length];
        total.TryFormat(digits, out var written);
        writer.WritePropertyName(name);
        writer.WriteRawValue(digits[..written]);
    }
}

/// <summary>The one form of a time in a document: UTC, to the millisecond.</summary>
internal static class DocumentTime
{
    private const string Pattern = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    /// <summary><c>2026-01-31T12:00:00.000Z</c>; cut off to milliseconds.</summary>
    public static string Format(DateTimeOffset time) =>
        time.UtcDateTime.ToString(Pattern, CultureInfo.InvariantCulture);

    /// <summary>Whether a text is a time of exactly this form.</summary>
    public static bool IsValid(string text) =>
        DateTime.TryParseExact(text, Pattern, CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
}
