using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>A process that is awake again does not record what is open.</summary>
internal sealed class AwakeWithoutRecording(
    ProcessId id, IApplication<LedgerState, LedgerMessage> application, Profile profile, LedgerRecord? record, Instant now)
    : HostedProcess(id, application, profile, record, now)
{
    public override void Awake(RestMark mark, SnapshotAnnouncement announcement, Instant now) =>
        base.Awake(mark, SnapshotAnnouncement.None, now);
}

/// <summary>An activation of a process at rest takes it for awake.</summary>
internal sealed class ForgetsRest : Variant
{
    public override (LedgerRecord? Record, string? Damage) Read(JournalRow journal)
    {
        var (record, damage) = base.Read(journal);
        return (record is null ? null : record with { IsResting = false }, damage);
    }
}

/// <summary>The counts of processes at rest are taken for balanced.</summary>
internal sealed class IgnoresBalance : Variant
{
    public override PartView Arrive(PartView view) => view with { Standing = view.Standing with { Balance = UInt128.Zero } };
}

/// <summary>A report does not say that its process has rested: one that a shard has reported is taken for a newcomer.</summary>
internal sealed class HidesRest : Variant
{
    public override Report Arrive(Report report, Epoch epoch) => report with { HasRested = false };
}
