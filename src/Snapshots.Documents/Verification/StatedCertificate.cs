namespace Snapshots.Documents;

/// <summary>The certificate as it stands in a document: claims, to be held against what is computed.</summary>
internal sealed record StatedCertificate(CertificateFigures Figures, bool Consistent, bool Conserved, string Digest);
