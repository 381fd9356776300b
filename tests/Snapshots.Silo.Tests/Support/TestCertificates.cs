using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Snapshots.Silo.Tests;

/// <summary>An authority of this test, and certificates that it signs, as PEM files in a folder.</summary>
internal sealed class TestCertificates : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _authority;
    private readonly string _folder;
    private readonly string _name;

    public TestCertificates(string folder, string name)
    {
        (_folder, _name) = (folder, name);
        var request = new CertificateRequest($"CN=authority {name}", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        _authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(Authority, _authority.ExportCertificatePem());
    }

    public string Authority => Path.Combine(_folder, $"{_name}-ca.pem");

    /// <summary>Makes a certificate; returns the files of certificate and key.</summary>
    public (string Certificate, string Key) Issue(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        using var certificate = request.Create(
            _authority, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddHours(12), RandomNumberGenerator.GetBytes(8));
        var (file, keyFile) = (Path.Combine(_folder, $"{_name}-{name}.pem"), Path.Combine(_folder, $"{_name}-{name}.key"));
        File.WriteAllText(file, certificate.ExportCertificatePem());
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
        return (file, keyFile);
    }

    /// <summary>The options of a silo or a client.</summary>
    public string[] Options(string name)
    {
        var (certificate, key) = Issue(name);
        return ["--tls-certificate", certificate, "--tls-key", key, "--tls-ca", Authority];
    }

    public void Dispose()
    {
        _authority.Dispose();
        _key.Dispose();
    }
}
