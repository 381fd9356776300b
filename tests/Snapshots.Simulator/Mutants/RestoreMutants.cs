using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>A shard says that all its members are closed once it is closed itself.</summary>
internal sealed class CommitsTooEarly : Variant
{
    public override ShardStanding Arrive(ShardStanding standing) => standing with { IsDone = standing.IsDone || !standing.Gate.IsOpen };
}

/// <summary>A part has none of the messages in transit.</summary>
internal sealed class LosesTransit : Variant
{
    public override RestorePart<LedgerState, LedgerMessage> Send(RestorePart<LedgerState, LedgerMessage> part) => part with { Channels = [] };
}

/// <summary>The message counts of a process start again with a restore.</summary>
internal sealed class CountsAgain : Variant
{
    public override RestorePart<LedgerState, LedgerMessage> Send(RestorePart<LedgerState, LedgerMessage> part) =>
        part with { Local = part.Local is null ? null : part.Local with { Sent = [], Delivered = [] } };
}

/// <summary>A part is labelled with the restore after the one whose commit made its epoch.</summary>
internal sealed class LabelsWithNext : Variant
{
    public override RestorePart<LedgerState, LedgerMessage> Send(RestorePart<LedgerState, LedgerMessage> part) =>
        part with { Gate = part.Gate with { Restore = part.Gate.Restore.Next } };
}

/// <summary>A closed process that asks its shard opens in its own epoch, whatever the answer.</summary>
internal sealed class OpensUnasked : Variant
{
    private Epoch _first;

    public override Gate Answer(Gate gate)
    {
        if (_first == default) _first = gate.Epoch;
        return new(_first, gate.Restore.Next, IsOpen: true);
    }
}

/// <summary>The highest snapshot number goes back to that of the source.</summary>
internal sealed class NumbersGoBack : Variant
{
    public override IndexRecord Store(IndexRecord record) =>
        record.Restores.FirstOrDefault(each => each.Status == RestoreStatus.Applying) is { } restore
            ? record with { Highest = restore.SourceNumber }
            : record;
}

/// <summary>A part that comes again is applied again.</summary>
internal sealed class AppliesAgain(
    ProcessId id, IApplication<LedgerState, LedgerMessage> application, Profile profile, LedgerRecord? record, Instant now)
    : HostedProcess(id, application, profile, record, now)
{
    public override bool Restore(RestorePart<LedgerState, LedgerMessage> part, Instant now)
    {
        if (part.Gate.Epoch == Epoch) Rebuild(ToRecord() with { Epoch = new(Epoch.Value - 1) }, now);
        return base.Restore(part, now);
    }
}

/// <summary>A process outside of the source keeps its state.</summary>
internal sealed class KeepsOutsiders(
    ProcessId id, IApplication<LedgerState, LedgerMessage> application, Profile profile, LedgerRecord? record, Instant now)
    : HostedProcess(id, application, profile, record, now)
{
    public override bool Restore(RestorePart<LedgerState, LedgerMessage> part, Instant now)
    {
        var before = ToRecord();
        if (!base.Restore(part, now)) return false;
        if (part.Local is null) Rebuild(ToRecord() with { State = before.State }, now);
        return true;
    }
}
