namespace Snapshots.Simulator;

/// <summary>What holds of every single step, whatever the other processes do.</summary>
internal sealed class StepRules(SearchTables tables, LedgerApplication application)
{
    private readonly Outboxes<LedgerState, LedgerMessage> _outboxes = new();
    private readonly Recovery<LedgerState, LedgerMessage> _recovery = new();
    private readonly HashSet<int> _sound = [];

    /// <summary>No fault was found, and the record is whole and survives its bytes.</summary>
    public InvariantBreach? FindBreach(HostedProcess core, LedgerEffects effects)
    {
        if (!effects.Faults.IsEmpty)
        {
            var fault = effects.Faults[0];
            return new("noFault", $"{core.Id}, {fault.Channel}: {fault.Kind}, {fault.Detail}");
        }

        var record = core.ToRecord();
        if (!_sound.Add(tables.Add(record))) return null;
        var trace = new LedgerTrace(application);
        trace.Add(new RecordPersisted<LedgerState, LedgerMessage>(record));
        if (_outboxes.FindBreach(trace) is { } outbox) return new(_outboxes.Name, outbox);
        return _recovery.FindBreach(trace) is { } recovery ? new(_recovery.Name, recovery) : null;
    }
}
