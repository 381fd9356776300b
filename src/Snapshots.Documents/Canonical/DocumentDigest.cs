using System.Security.Cryptography;
using System.Text.Json;

namespace Snapshots.Documents;

/// <summary>
/// The digest that covers a whole document: SHA-256 of its RFC 8785 form without <c>certificate.digest</c>.
/// </summary>
internal static class DocumentDigest
{
    /// <summary>
    /// The digest of a document, whether or not it holds one: <c>sha256:</c> and 64 lower hexadecimal digits.
    /// </summary>
    /// <exception cref="DocumentFormatException">The document has no canonical form.</exception>
    public static string Of(JsonElement document)
    {
        var canonical = CanonicalJson.Serialize(document, "certificate", "digest");
        return "sha256:" + Convert.ToHexStringLower(SHA256.HashData(canonical.Span));
    }
}
