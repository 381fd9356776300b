using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Orleans.Connections.Security;

namespace Snapshots.Bank.Hosting;

/// <summary>
/// Mutual TLS between silos, and between clients and silos: each side shows a certificate, and trusts any that the
/// authority has signed. The names in certificates are not compared, since silos are called by their addresses.
/// </summary>
public sealed class Tls
{
    /// <summary>A name for the handshake, which asks for one.</summary>
    private const string HostName = "snapshots";

    private readonly X509Certificate2 _certificate;
    private readonly X509Certificate2Collection _authorities;

    private Tls(X509Certificate2 certificate, X509Certificate2Collection authorities) =>
        (_certificate, _authorities) = (certificate, authorities);

    /// <summary>Reads three PEM files.</summary>
    /// <param name="certificate">The file with this side's certificate.</param>
    /// <param name="key">The file with its private key.</param>
    /// <param name="authority">The file with the certificates of the authorities.</param>
    /// <exception cref="TlsException">A file cannot be used; one line says which and why.</exception>
    public static Tls Read(string certificate, string key, string authority)
    {
        var authorities = new X509Certificate2Collection();
        Try(authority, () => authorities.ImportFromPemFile(authority));
        if (authorities.Count == 0) throw new TlsException($"The file {authority} has no certificate.");
        X509Certificate2? own = null;
        Try($"{certificate} or {key}", () => own = X509Certificate2.CreateFromPemFile(certificate, key));
        var tls = new Tls(own!, authorities);
        return tls.IsTrusted(own!, chain: null)
            ? tls
            : throw new TlsException(
                $"The certificate in {certificate} is not signed by an authority in {authority}, or has expired.");
    }

    internal void Configure(TlsOptions options)
    {
        options.LocalCertificate = _certificate;
        options.RemoteCertificateMode = RemoteCertificateMode.RequireCertificate;
        options.ClientCertificateMode = RemoteCertificateMode.RequireCertificate;
        options.RemoteCertificateValidation = (certificate, chain, errors) =>
            (errors & SslPolicyErrors.RemoteCertificateNotAvailable) == 0 && IsTrusted(certificate, chain);
        options.OnAuthenticateAsClient = (_, authentication) => authentication.TargetHost = HostName;
    }

    private bool IsTrusted(X509Certificate2 certificate, X509Chain? chain)
    {
        using var own = new X509Chain();
        own.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        own.ChainPolicy.CustomTrustStore.AddRange(_authorities);
        own.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        if (chain is not null) own.ChainPolicy.ExtraStore.AddRange(chain.ChainPolicy.ExtraStore);
        return own.Build(certificate);
    }

    private static void Try(string files, Action read)
    {
        try
        {
            read();
        }
        catch (Exception exception)
            when (exception
                is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            var reason = exception.Message.ReplaceLineEndings(" ");
            throw new TlsException($"The file {files} cannot be used: {reason}", exception);
        }
    }
}

/// <summary>A file for TLS cannot be used. The message is one line for the user of the program.</summary>
public sealed class TlsException : Exception
{
    internal TlsException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
