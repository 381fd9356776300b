using Orleans.Configuration;

namespace Snapshots.Bank.Hosting;

/// <summary>
/// How soon the silos of a cluster agree that one of them is gone: about three seconds after it was killed or fell silent.
/// </summary>
internal static class FailureDetection
{
    public static void Configure(ClusterMembershipOptions membership)
    {
        membership.ProbeTimeout = TimeSpan.FromSeconds(1);
        membership.MaxProbeTimeout = TimeSpan.FromSeconds(2);
        membership.NumMissedProbesLimit = 2;

        // Two silos must agree, so that one with a bad network does not stop all others. A silo that has not signed the table for four
        // seconds has no vote and is not counted: so the last of three silos can declare two dead that were killed at once.
        membership.NumVotesForDeathDeclaration = 2;
        membership.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(2);
        membership.NumMissedTableIAmAliveLimit = 2;

        // Silos tell each other of changes; reading the table is for those who were not told.
        membership.TableRefreshTimeout = TimeSpan.FromSeconds(5);
    }
}
