using System.Collections.Immutable;

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
/// Time and memory grow linearly with the document, except for sorting the names of an object. Thread-safe.
/// </para>
/// </remarks>
public static class SnapshotVerifier
{
    /// <summary>The deepest nesting of a document, the application's states included.</summary>
    internal const int MaxDepth = 64;

    private static readonly JsonDocumentOptions Options =
        new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    /// <summary>Verifies a document.</summary>
    /// <param name="json">The document in UTF-8, without a byte order mark.</param>
    /// <exception cref="DocumentFormatException">
    /// It is not JSON, not of this schema, or of a snapshot that has not completed and so has no certificate.
    /// </exception>
    public static SnapshotVerification Verify(ReadOnlyMemory<byte> json)
    {
        using var document = Parse(json);
        var digest = DocumentDigest.Of(document.RootElement); // First: it refuses names that are not Unicode text.
        var parsed = DocumentReader.Read(document.RootElement);
        var format = parsed.Form == MoneyForm.None ? new NoMoney() : new Parsed();
        var computed = CertificateFigures.Of(parsed.State, format);

        // States of tokens do not say what each process had at the start; conservation determines the sum.
        if (parsed.Form == MoneyForm.Tokens)
        {
            var stated = parsed.Stated.Figures.Money!.Deposited;
            computed = computed with { Money = computed.Money! with { Deposited = stated } };
        }

        return new SnapshotVerification(
            parsed.Id,
            [
                .. computed.Violations,
                .. GlobalStateChecks.CheckOrder(parsed.State),
                .. GlobalStateChecks.CheckMembers(parsed.Initiator, parsed.State),
                .. parsed.Form == MoneyForm.None ? [] : GlobalStateChecks.CheckAmounts(parsed.State),
                .. CertificateChecks.CheckConservation(computed),
                .. CertificateChecks.CheckFigures(parsed.Stated, computed),
                .. CertificateChecks.CheckDigest(parsed.Stated, digest),
            ]);
    }

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
