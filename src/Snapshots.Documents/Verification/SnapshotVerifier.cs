using System.Text.Json;
using Snapshots.Protocol;

namespace Snapshots.Documents;

/// <summary>
/// Proves the document of a completed snapshot again, from nothing but the document: the rules of
/// <see cref="Certificate"/>, order and membership, amounts, conservation, every figure of the certificate, and the
/// digest (SHA-256 of the RFC 8785 form).
/// </summary>
/// <remarks>
/// <para>
/// All but the digest is recomputed from the global state, so a single balance, count or message that was changed is
/// found also when the digest was made anew. Whoever changes several numbers so that all sums hold, or a name or a
/// time, and then makes the digest anew, has written another valid document: a digest without a signature cannot tell.
/// </para>
/// <para>Integers are compared exactly, also beyond 2^53, where the RFC's canonical form rounds them to doubles.</para>
/// <para>
/// Time and memory grow linearly with the document, but for sorting names within an object. Safe for concurrent use.
/// </para>
/// </remarks>
public static class SnapshotVerifier
{
    /// <summary>How deep a document may nest, application's states included.</summary>
    private const int MaxDepth = 64;

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
        var digest = DocumentDigest.Of(document.RootElement); // First: it refuses names that are no Unicode text.
        var parsed = DocumentReader.Read(document.RootElement);
        var computed = CertificateFigures.Of(parsed.State, figures => figures, amount => amount);

        // What each process had at the start is not told beside tokens; conservation then says what the sum must be.
        if (parsed.HoldsTokens) computed = computed with { Deposited = parsed.Stated.Figures.Deposited };
        return new SnapshotVerification(
            parsed.Id,
            [
                .. computed.Violations,
                .. GlobalStateChecks.CheckOrder(parsed.State),
                .. GlobalStateChecks.CheckMembers(parsed.Initiator, parsed.State),
                .. GlobalStateChecks.CheckAmounts(parsed.State),
                .. CertificateChecks.CheckConservation(computed),
                .. CertificateChecks.CheckFigures(parsed.Stated, computed),
                .. CertificateChecks.CheckDigest(parsed.Stated, digest),
            ]);
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
            throw new DocumentFormatException("not JSON: a name is no Unicode text", cause);
        }
    }
}
