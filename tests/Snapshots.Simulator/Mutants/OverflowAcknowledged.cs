using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>
/// A frame for which the hold-back buffer has no room is dropped and acknowledged, as if it had been delivered.
/// </summary>
internal sealed class OverflowAcknowledged : Variant
{
    private readonly Dictionary<ProcessId, HostedProcess> _processes = [];

    public override HostedProcess Create(
        ProcessId id, IApplication<LedgerState, LedgerMessage> application, Profile profile, LedgerRecord? record, Instant now) =>
        _processes[id] = new Process(this, id, application, profile, record, now);

    private sealed class Process(
        OverflowAcknowledged variant,
        ProcessId id,
        IApplication<LedgerState, LedgerMessage> application,
        Profile profile,
        LedgerRecord? record,
        Instant now) : HostedProcess(id, application, profile, record, now)
    {
        private readonly List<Acknowledgement> _lies = [];

        public override void Receive(LedgerFrame frame, Instant now)
        {
            var dropped = Counters.Dropped;
            base.Receive(frame, now);
            if (Counters.Dropped == dropped || variant._processes[frame.Channel.Source].OutgoingTo(Id) is not { } sender) return;
            var entry = sender.Unacknowledged.FirstOrDefault(each => each.Last == frame.Last);
            if (entry is not null) _lies.Add(new(frame.Channel, Epoch, frame.Last, entry.DigestAfter));
        }

        public override LedgerEffects TakeEffects()
        {
            var effects = base.TakeEffects();
            effects = effects with { Acknowledgements = [.. effects.Acknowledgements, .. _lies] };
            _lies.Clear();
            return effects;
        }
    }
}
