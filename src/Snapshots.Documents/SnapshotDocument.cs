using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;

namespace Snapshots.Documents;

/// <summary>
/// The JSON document of one snapshot: its global state with certificate and digest once it has completed, its progress
/// otherwise. Immutable and self-contained; <see cref="SnapshotVerifier"/> proves a completed one again, offline.
/// </summary>
/// <remarks>
/// An unfinished snapshot shows no process and no channel: a part of a global state could show a state that never
/// existed. Each factory throws <see cref="ArgumentException"/> when the header has a default identity or epoch.
/// </remarks>
public sealed class SnapshotDocument
{
    /// <summary>The version of the schema that is written and read.</summary>
    public const int SchemaVersion = 1;

    private readonly ReadOnlyMemory<byte> _json;

    private SnapshotDocument(
        SnapshotId id, DocumentStatus status, CertificateFigures? certificate, ReadOnlyMemory<byte> json)
    {
        Id = id;
        Status = status;
        Certificate = certificate;
        _json = json;
    }

    /// <summary>The snapshot's name.</summary>
    public SnapshotId Id { get; }

    /// <summary>What became of the snapshot.</summary>
    public DocumentStatus Status { get; }

    /// <summary>The figures of the certificate; <see langword="null"/> unless the snapshot completed.</summary>
    public CertificateFigures? Certificate { get; }

    /// <summary>
    /// The document of a completed snapshot. Processes and channels are put in ordinal order. A global state that
    /// breaks a rule is written too, and its certificate says so.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// The format has money and the header names an application, or neither: a document without a named application is
    /// one of money.
    /// </exception>
    public static SnapshotDocument Completed<TState, TMessage>(
        SnapshotHeader header,
        DateTimeOffset completedAt,
        GlobalState<TState, TMessage> state,
        IDocumentFormat<TState, TMessage> format)
    {
        ArgumentNullException.ThrowIfNull(header);
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(format);
        if (header.Application is null != format is IMoneyFormat<TState, TMessage>)
            throw new ArgumentException("an application has either money or its name in the document", nameof(header));
        var ordered = new GlobalState<TState, TMessage>(
            [.. state.Processes.OrderBy(process => process.Id)],
            [.. state.Channels.OrderBy(channel => channel.Channel)]);
        var figures = CertificateFigures.Of(ordered, format);
        var json = Write(writer =>
        {
            // A completed snapshot that names no initiator would be refused by its own verifier.
            if (!ordered.Processes.IsEmpty) Identifier.Validate(header.Initiator.Value, nameof(header));
            DocumentWriter.WriteHeader(writer, header, DocumentStatus.Completed, completedAt);
            DocumentWriter.WriteGlobalState(writer, ordered, format);
            DocumentWriter.WriteCertificate(writer, figures);
        });
        return new SnapshotDocument(header.Id, DocumentStatus.Completed, figures, WithDigest(json));
    }

    /// <summary>The document of a snapshot that has not ended.</summary>
    public static SnapshotDocument Running(SnapshotHeader header, CollectionProgress progress)
    {
        ArgumentNullException.ThrowIfNull(header);
        ArgumentNullException.ThrowIfNull(progress);
        var json = Write(writer =>
        {
            DocumentWriter.WriteHeader(writer, header, DocumentStatus.Running, endedAt: null);
            DocumentWriter.WriteNothing(writer);
            DocumentWriter.WriteProgress(writer, progress);
        });
        return new SnapshotDocument(header.Id, DocumentStatus.Running, certificate: null, json);
    }

    /// <summary>
    /// The document of a snapshot that was aborted by a user, by its timeout, or by a recording that grew too large.
    /// </summary>
    /// <param name="header">What is known from its start.</param>
    /// <param name="endedAt">When it was aborted; written as <c>completedAt</c>.</param>
    /// <param name="progress">How far it had come.</param>
    /// <param name="reason">Why, for a person to read.</param>
    public static SnapshotDocument Aborted(
        SnapshotHeader header, DateTimeOffset endedAt, CollectionProgress progress, string reason)
    {
        ArgumentNullException.ThrowIfNull(header);
        ArgumentNullException.ThrowIfNull(progress);
        ArgumentException.ThrowIfNullOrEmpty(reason);
        var json = Write(writer =>
        {
            DocumentWriter.WriteHeader(writer, header, DocumentStatus.Aborted, endedAt);
            DocumentWriter.WriteNothing(writer);
            DocumentWriter.WriteProgress(writer, progress);
            writer.WriteString("reason", reason);
        });
        return new SnapshotDocument(header.Id, DocumentStatus.Aborted, certificate: null, json);
    }

    /// <summary>
    /// The options of a writer that shows names such as <c>a->b</c> as they are, the same on every system.
    /// </summary>
    public static JsonWriterOptions WriterOptions(bool indented) =>
        new() { Indented = indented, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The document in UTF-8, on one line or indented; no new line at its end.</summary>
    public ReadOnlyMemory<byte> ToUtf8(bool indented)
    {
        if (!indented) return _json;
        var buffer = new ArrayBufferWriter<byte>(_json.Length * 2);
        using (var writer = new Utf8JsonWriter(buffer, WriterOptions(indented: true))) WriteTo(writer);
        return buffer.WrittenMemory;
    }

    /// <summary>Writes the document as one value into other JSON, in the form of that writer.</summary>
    public void WriteTo(Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        using var document = JsonDocument.Parse(_json);
        document.RootElement.WriteTo(writer);
    }

    private static ReadOnlyMemory<byte> Write(Action<Utf8JsonWriter> body)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, WriterOptions(indented: false)))
        {
            writer.WriteStartObject();
            body(writer);
            writer.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    /// <summary>
    /// Inserts the digest before "}}": it is the last field of the certificate, which is the last of the document.
    /// </summary>
    private static byte[] WithDigest(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var tail = $",\"digest\":\"{DocumentDigest.Of(document.RootElement)}\"}}}}";
        return [.. json.Span[..^2], .. Encoding.UTF8.GetBytes(tail)];
    }
}

/// <summary>What is known about a snapshot from its start.</summary>
/// <param name="Id">The name that its user gave it.</param>
/// <param name="Epoch">The epoch of its reports.</param>
/// <param name="Initiator">
/// The process that was asked to record first; <c>default</c> while none is chosen, and if there is none.
/// </param>
/// <param name="StartedAt">When it began; written in UTC, cut off to milliseconds.</param>
public sealed record SnapshotHeader(SnapshotId Id, Epoch Epoch, ProcessId Initiator, DateTimeOffset StartedAt)
{
    /// <summary>The restore that has made the epoch; null in an epoch that no restore has made.</summary>
    public RestoredFrom? RestoredFrom { get; init; }

    /// <summary>
    /// The application's name; <see langword="null"/> for the bank and for tokens, whose certificate has money.
    /// </summary>
    public string? Application { get; init; }
}

/// <summary>What became of a snapshot, as its document says; in JSON in lower case.</summary>
public enum DocumentStatus
{
    /// <summary>It has not ended; the document holds its progress.</summary>
    Running,

    /// <summary>It has a global state, with its certificate.</summary>
    Completed,

    /// <summary>It ended without a global state; the document holds its progress and the reason.</summary>
    Aborted,
}
