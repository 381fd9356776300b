using System.Net;
using Snapshots.Samples;

namespace Snapshots.Silo.Tests;

public sealed class RunningSiloTests(RunningSilo silo) : IClassFixture<RunningSilo>
{
    [Fact]
    public void It_listens_on_the_loopback_address_and_keeps_its_data_below_the_callers_directory()
    {
        Assert.Equal(IPAddress.Loopback, silo.Ready.Gateway.Address);
        Assert.Equal(IPAddress.Loopback, silo.Ready.Http.Address);
        Assert.True(File.Exists(Path.Combine(silo.Folder, "data", "snapshots.db")));
    }

    [Theory]
    [InlineData("/health/live", "live\n")]
    [InlineData("/health/ready", "ready\n")]
    public async Task It_is_healthy(string path, string says) =>
        Assert.Equal((HttpStatusCode.OK, says), await Http.Get(silo.Ready.Http, path));

    [Fact]
    public async Task It_serves_nothing_else() =>
        Assert.Equal(HttpStatusCode.NotFound, (await Http.Get(silo.Ready.Http, "/other")).Status);

    [Fact]
    public async Task It_has_a_page_and_its_interface()
    {
        Assert.Contains("<title>Snapshots</title>", (await Http.Get(silo.Ready.Http, "/")).Body, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.OK, "[]"), await Http.Get(silo.Ready.Http, "/api/snapshots"));
    }

    [Fact]
    public async Task It_measures_snapshots_storage_and_Orleans()
    {
        await using var bank = await BankClient.Connect(silo.Ready.Gateway);
        Assert.True((await bank.Account("measured").OpenAsync(1)).IsAccepted);

        var (status, metrics) = await Http.Get(silo.Ready.Http, "/metrics");
        Assert.Equal(HttpStatusCode.OK, status);
        var samples = metrics.Split('\n').Where(line => !line.StartsWith('#')).ToList();
        Assert.Contains(samples, sample => sample.StartsWith("snapshots_commits_total ", StringComparison.Ordinal));
        Assert.Contains(samples, sample => sample.StartsWith(
            "snapshots_storage_writes_total{storage=\"snapshots\"} ", StringComparison.Ordinal));
        Assert.Contains(samples, sample => sample.StartsWith("orleans_", StringComparison.Ordinal));
        Assert.Contains(samples, sample => sample.StartsWith("process_", StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_hosts_the_applications_that_it_is_told_to()
    {
        using var folder = new TemporaryFolder();
        await using var other = SiloProcess.StartOnFreePorts(folder.Path, "--applications", "locks, objects");
        await using var client = await BankClient.Connect((await other.Ready()).Gateway);
        Assert.Null(await client.Grain<ILocksGrain>("A").AcquireAsync(new("L1")));
        await client.Grain<IObjectGrain>("R").BecomeRootAsync();
        Assert.ThrowsAny<Exception>(() => client.Account("alice"));

        await using var bank = await BankClient.Connect(silo.Ready.Gateway);
        Assert.ThrowsAny<Exception>(() => bank.Grain<ILocksGrain>("A"));
    }

    [Fact]
    public async Task Another_silo_on_its_directory_is_refused()
    {
        await using var other = SiloProcess.StartOnFreePorts(silo.Folder);
        Assert.Equal(
            $"The data directory {Path.Combine(silo.Folder, "data")} is held by another silo.",
            (await other.Exit()).Refusal(1));
    }
}
