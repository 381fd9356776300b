using System.Buffers;
using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Snapshots.Documents;

/// <summary>
/// Proves the document of a completed snapshot again, from the document alone: the rules of
/// <see cref="Certificate"/>, order and membership, every figure of the certificate, the digest (SHA-256 of the RFC
/// 8785 form), and amounts and conservation where the application has money.
/// </summary>
/// <remarks>
/// <para>
/// Every figure is recomputed from the global state. A single changed balance, count or message is therefore found even
/// when the digest was computed again. An editor that changes several numbers so that all sums hold, or a name or a
/// time, and computes the digest again, has written another valid document: a digest without a signature cannot tell.
/// </para>
/// <para>Integers are compared exactly, even above 2^53, where the RFC's canonical form rounds them to doubles.</para>
/// <para>
/// Time grows linearly with the document, except for sorting the names of an object; memory with the number of its
/// processes, channels and messages. Thread-safe.
/// </para>
/// </remarks>
public static class SnapshotVerifier
{
    /// <summary>The deepest nesting of a document, the application's states included.</summary>
    internal const int MaxDepth = 64;

    internal static readonly JsonDocumentOptions Options =
        new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    /// <summary>Verifies a document.</summary>
    /// <param name="json">The document in UTF-8, without a byte order mark.</param>
    /// <exception cref="DocumentFormatException">
    /// It is not JSON, not of this schema, or of a snapshot that has not completed and so has no certificate.
    /// </exception>
    public static SnapshotVerification Verify(ReadOnlyMemory<byte> json)
    {
        using var input = MemoryMarshal.TryGetArray(json, out var bytes)
            ? new MemoryStream(bytes.Array!, bytes.Offset, bytes.Count, writable: false)
            : new MemoryStream(json.ToArray());
        return Verify(input);
    }

    /// <summary>
    /// Verifies a document of any length in a stream that can seek. It reads it twice: the digest wants the channels
    /// before the processes. Of a process its figures stay in memory, of a message its amount.
    /// </summary>
    /// <inheritdoc cref="Verify(ReadOnlyMemory{byte})"/>
    public static SnapshotVerification Verify(Stream input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var (head, arrays, first) = ReadHead(input);
        using var document = Parse(head);
        // It refuses names that are not Unicode text.
        CanonicalJson.Serialize(document.RootElement, "certificate", "digest");
        using var firstProcess = first is null ? null : Parse(first);
        var reader = new DocumentReader(document.RootElement, firstProcess?.RootElement);
        var digest = DocumentDigest.Of(
            document.RootElement, arrays.ContainsKey, name => Items(input, arrays[name], name, reader));
        return new SnapshotVerification(
            reader.Id,
            [
                .. Check(reader.Initiator, reader.State, reader.Form, reader.Stated),
                .. CertificateChecks.CheckDigest(reader.Stated, digest),
            ]);
    }

    /// <summary>
    /// Reads a whole document. Returns it without its processes and channels; where their arrays begin; and the first
    /// process, which shows what the states say of money.
    /// </summary>
    private static (ReadOnlyMemory<byte> Head, Dictionary<string, long> Arrays, byte[]? First) ReadHead(Stream input)
    {
        var origin = input.Position;
        var head = new ArrayBufferWriter<byte>();
        var (arrays, first) = (new Dictionary<string, long>(StringComparer.Ordinal), (byte[]?)null);
        var separator = "{"u8.ToArray();
        foreach (var piece in new DocumentPieces(input).Read())
        {
            if (piece.Name is null)
            {
                head.Write(piece.Json.Span);
                return (head.WrittenMemory, arrays, first);
            }

            if (piece is { IsItem: true, Index: 0, Name: "processes" }) first = piece.Json.ToArray();
            if (piece.IsItem) continue;
            head.Write(separator);
            separator = ","u8.ToArray();
            CanonicalText.Write(head, piece.Name);
            head.Write(":"u8);
            if (piece.IsArray) arrays[piece.Name] = origin + piece.Position;
            head.Write(piece.IsArray ? "[]"u8 : piece.Json.Span);
        }

        head.Write(separator is [(byte)'{'] ? "{}"u8 : "}"u8);
        return (head.WrittenMemory, arrays, first);
    }

    private static IEnumerable<JsonElement> Items(Stream input, long position, string name, DocumentReader reader)
    {
        input.Position = position;
        foreach (var piece in new DocumentPieces(input).ReadItems(name))
        {
            using var item = Parse(piece.Json);
            yield return item.RootElement; // The digest first: it refuses text that is none.
            reader.Add(name, piece.Index, item.RootElement);
        }
    }

    /// <summary>Checks all but the digest; each rule that is broken is one line.</summary>
    internal static IEnumerable<string> Check(
        ProcessId initiator, GlobalState<Figures, long> state, MoneyForm form, StatedCertificate stated)
    {
        var computed = FiguresOf(state, form);

        // States of tokens do not say what each process had at the start; conservation determines the sum.
        if (form == MoneyForm.Tokens)
            computed = computed with { Money = computed.Money! with { Deposited = stated.Figures.Money!.Deposited } };
        return
        [
            .. computed.Violations,
            .. GlobalStateChecks.CheckOrder(state),
            .. GlobalStateChecks.CheckMembers(initiator, state),
            .. form == MoneyForm.None ? [] : GlobalStateChecks.CheckAmounts(state),
            .. CertificateChecks.CheckConservation(computed),
            .. CertificateChecks.CheckFigures(stated, computed),
        ];
    }

    /// <summary>The figures of a global state whose content is reduced to figures and amounts.</summary>
    internal static CertificateFigures FiguresOf(GlobalState<Figures, long> state, MoneyForm form) =>
        CertificateFigures.Of(state, form == MoneyForm.None ? new NoMoney() : new Parsed());

    /// <summary>A state whose figures are parsed. Nothing is written.</summary>
    private class NoMoney : IDocumentFormat<Figures, long>
    {
        public void WriteState(Utf8JsonWriter writer, Figures state) => throw new NotSupportedException();

        public void WriteMessage(Utf8JsonWriter writer, long message) => throw new NotSupportedException();
    }

    private sealed class Parsed : NoMoney, IMoneyFormat<Figures, long>
    {
        public Figures FiguresOf(Figures state) => state;

        public long InTransit(long message) => message;
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            return JsonDocument.Parse(json, Options);
        }
        catch (JsonException cause)
        {
            throw new DocumentFormatException($"not JSON: {cause.Message.ReplaceLineEndings(" ")}", cause);
        }
        catch (InvalidOperationException cause)
        {
            throw new DocumentFormatException("not JSON: a name is not Unicode text", cause);
        }
    }
}

/// <summary>What the verification of a document found.</summary>
/// <param name="Id">The snapshot, as the document names it.</param>
/// <param name="Violations">One line for each rule that is broken; empty when the document is valid.</param>
public sealed record SnapshotVerification(SnapshotId Id, ImmutableArray<string> Violations)
{
    /// <summary>Whether no rule is broken.</summary>
    public bool Valid => Violations.IsEmpty;

    /// <summary>Writes <c>"id","valid","violations":[…]</c> into an open object.</summary>
    public void WriteMembers(Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteString("id", Id.Value);
        writer.WriteBoolean("valid", Valid);
        writer.WriteStartArray("violations");
        foreach (var violation in Violations) writer.WriteStringValue(violation);
        writer.WriteEndArray();
    }
}

/// <summary>
/// A text is not JSON, or not the document of a completed global state. The message is one line: where and what.
/// </summary>
public sealed class DocumentFormatException : Exception
{
    internal DocumentFormatException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }
}
