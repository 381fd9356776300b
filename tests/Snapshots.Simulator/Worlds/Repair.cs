using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>
/// What an operator does once the faults are over: restores the newest completed snapshot, without a safety snapshot,
/// until no process is damaged. Where there is none to restore, the damage stays.
/// </summary>
internal sealed class Repair(World world)
{
    private const int LookMs = 30;

    /// <summary>A snapshot that begins later may still complete: a process that is damaged at rest does not prevent it.</summary>
    private readonly long _lastBeginMs = world.Plan.Operations
        .Where(each => each.Kind == OperationKind.BeginSnapshot).Select(each => each.AtMs).DefaultIfEmpty().Max();

    /// <summary>Since when nothing can be restored any longer; none while something can, or need not be.</summary>
    public long? GivenUpAtMs { get; private set; }

    public void Look()
    {
        if (!world.Hosts.Any(host => host.IsDamaged)) return;
        var stored = world.Office.Row.Value!;
        if (!stored.Restores.Any(each => each.IsRunning))
        {
            if (stored.Snapshots.Any(each => each.Status == SnapshotStatus.Completed)) world.Office.Restore(isNewest: true, takesSafety: false);
            else if (world.Schedule.NowMs > _lastBeginMs + LookMs && stored.Snapshots.All(each => each.Status != SnapshotStatus.Running))
            {
                GivenUpAtMs = world.Schedule.NowMs;
                return;
            }
        }

        world.Schedule.After(LookMs, Look);
    }
}
