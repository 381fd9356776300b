using System.Net;
using Snapshots.Bank.Hosting;

namespace Snapshots.Silo.Tests;

/// <summary>Mutual TLS, with certificates that the test makes.</summary>
public sealed class TlsTests : IDisposable
{
    /// <summary>How long a client tries that is not served: one that is served takes less than a second.</summary>
    private static readonly TimeSpan Tries = TimeSpan.FromSeconds(5);

    private readonly TemporaryFolder _folder = new();
    private readonly TestCertificates _ours;
    private readonly TestCertificates _theirs;

    public TlsTests()
    {
        _ours = new(_folder.Path, "ours");
        _theirs = new(_folder.Path, "theirs");
    }

    public void Dispose()
    {
        _ours.Dispose();
        _theirs.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_client_with_a_certificate_of_the_authority_is_served_and_no_other()
    {
        await using var silo = SiloProcess.StartOnFreePorts(_folder.Path, ["--data", "data", .. _ours.Options("silo")]);
        var ready = await silo.Ready();
        Assert.Equal((HttpStatusCode.OK, "ready\n"), await Http.Get(ready.Http, "/health/ready"));

        await using (var bank = await BankClient.Connect(ready.Gateway, tls: Read(_ours)))
            Assert.True((await bank.Account("alice").OpenAsync(5)).IsAccepted);

        await Assert.ThrowsAnyAsync<Exception>(() => BankClient.Connect(ready.Gateway, tries: Tries));
        await Assert.ThrowsAnyAsync<Exception>(() => BankClient.Connect(ready.Gateway, tls: Read(_theirs), tries: Tries));
        (await silo.Stop()).IsClean();
    }

    [Fact]
    public async Task A_client_refuses_a_silo_of_another_authority()
    {
        await using var silo = SiloProcess.StartOnFreePorts(_folder.Path, ["--data", "data", .. _theirs.Options("silo")]);
        var ready = await silo.Ready();
        await Assert.ThrowsAnyAsync<Exception>(() => BankClient.Connect(ready.Gateway, tls: Read(_ours), tries: Tries));
    }

    [Fact]
    public async Task Files_that_do_not_fit_are_named()
    {
        var (certificate, key) = _theirs.Issue("silo");
        await Refused(
            $"The certificate in {certificate} is not signed by an authority in {_ours.Authority}, or has expired.",
            "--tls-certificate", certificate, "--tls-key", key, "--tls-ca", _ours.Authority);
        await Refused("TLS needs --tls-key, too.", "--tls-certificate", certificate, "--tls-ca", _ours.Authority);
        await Refused(
            $"The file {_folder.Below("none.pem")} cannot be used: ",
            "--tls-certificate", certificate, "--tls-key", key, "--tls-ca", _folder.Below("none.pem"));
        await Refused(
            $"The file {certificate} or {_ours.Authority} cannot be used: ",
            "--tls-certificate", certificate, "--tls-key", _ours.Authority, "--tls-ca", _ours.Authority);
    }

    private async Task Refused(string says, params string[] arguments)
    {
        await using var silo = SiloProcess.StartOnFreePorts(_folder.Path, arguments);
        Assert.StartsWith(says, (await silo.Exit()).Refusal(2), StringComparison.Ordinal);
    }

    private static Tls Read(TestCertificates authority)
    {
        var (certificate, key) = authority.Issue("client");
        return Tls.Read(certificate, key, authority.Authority);
    }
}
