using Orleans.Configuration;

namespace Snapshots.Grains.Tests;

/// <summary>
/// Three silos that notice soon when one of them is lost; a process that has nothing left to do releases its token
/// soon.
/// </summary>
internal sealed class LossCluster : LetterCluster
{
    protected override short Silos => 3;

    internal static async Task<LossCluster> StartAsync()
    {
        var cluster = new LossCluster();
        await cluster.InitializeAsync();
        return cluster;
    }

    /// <summary>Opens two processes that are on different silos.</summary>
    internal async Task<(string First, string Second)> OpenApartAsync(string prefix)
    {
        await OpenAsync($"{prefix}-0");
        for (var number = 1; ; number++)
        {
            await OpenAsync($"{prefix}-{number}");
            if (SiloOf($"{prefix}-0") != SiloOf($"{prefix}-{number}")) return ($"{prefix}-0", $"{prefix}-{number}");
        }
    }

    private protected override void Configure(SnapshotsOptions options) => options.RestBeforeListingEnds = TimeSpan.FromMilliseconds(100);

    private protected override void Configure(ISiloBuilder silo) => silo.Configure<ClusterMembershipOptions>(options =>
    {
        options.ProbeTimeout = TimeSpan.FromMilliseconds(500);
        options.NumMissedProbesLimit = 2;
        options.TableRefreshTimeout = TimeSpan.FromSeconds(2);
    });
}
