using System.Collections.Immutable;
using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>A process whose record is edited behind the core's back after each input.</summary>
internal abstract class MeddlingProcess(
    ProcessId id, IApplication<LedgerState, LedgerMessage> application, Profile profile, LedgerRecord? record, Instant now)
    : HostedProcess(id, application, profile, record, now)
{
    private LedgerEffects _kept = new([], [], [], [], []);

    public override void Join(Epoch epoch, SnapshotAnnouncement announcement, Instant now) =>
        Take(() => base.Join(epoch, announcement, now), null, now);

    public override void Apply(LedgerReaction reaction, Instant now) => Take(() => base.Apply(reaction, now), null, now);

    public override void OpenChannel(ProcessId target, Instant now) => Take(() => base.OpenChannel(target, now), null, now);

    public override void Initiate(SnapshotNumber snapshot, Instant now) => Take(() => base.Initiate(snapshot, now), null, now);

    public override void Receive(LedgerFrame frame, Instant now) => Take(() => base.Receive(frame, now), frame, now);

    public override LedgerEffects TakeEffects()
    {
        KeepEffects();
        var effects = _kept;
        _kept = new([], [], [], [], []);
        return effects;
    }

    /// <summary>Spoils what an input has left.</summary>
    /// <param name="before">The record before the input.</param>
    /// <param name="frame">The frame that was the input; none if it was another one.</param>
    /// <param name="now">The time of the input.</param>
    protected abstract void Meddle(LedgerRecord before, LedgerFrame? frame, Instant now);

    /// <summary>
    /// Goes on from another record. Effects are kept, but for the frames of some channels, which are sent again.
    /// </summary>
    protected void Edit(LedgerRecord record, Instant now, IReadOnlySet<ProcessId>? sendAnew = null)
    {
        KeepEffects();
        Rebuild(record, now);
        if (sendAnew is null) return;
        _kept = _kept with { Frames = [.. _kept.Frames.Where(frame => !sendAnew.Contains(frame.Channel.Target))] };
        base.Resend(now);
        KeepEffects(frame => sendAnew.Contains(frame.Channel.Target));
    }

    /// <summary>The record with its channel to or from a process replaced.</summary>
    protected static LedgerRecord With(LedgerRecord record, IncomingChannelRecord channel) =>
        record with { Incoming = [.. record.Incoming.Select(each => each.Source == channel.Source ? channel : each)] };

    /// <summary>The record with one kind of change made to the recordings of channels.</summary>
    protected static LedgerRecord WithRecordings(
        LedgerRecord record, Func<SnapshotNumber, ChannelRecordingRecord<LedgerMessage>, ChannelRecordingRecord<LedgerMessage>> change) =>
        record with
        {
            Recordings = [.. record.Recordings.Select(recording => recording with
            {
                Channels = [.. recording.Channels.Select(channel => change(recording.Snapshot, channel))],
            })],
        };

    /// <summary>The entries of a channel's outbox that an input has added.</summary>
    protected static ImmutableArray<OutboxEntry<LedgerMessage>> NewEntries(LedgerRecord before, OutgoingChannelRecord<LedgerMessage> channel)
    {
        var last = before.Outgoing.FirstOrDefault(each => each.Target == channel.Target)?.Last ?? default;
        return [.. channel.Unacknowledged.Where(entry => entry.First > last)];
    }

    private void Take(Action input, LedgerFrame? frame, Instant now)
    {
        var before = ToRecord();
        input();
        Meddle(before, frame, now);
    }

    private void KeepEffects(Func<LedgerFrame, bool>? isWanted = null)
    {
        var effects = base.TakeEffects();
        _kept = new(
            [.. _kept.Frames, .. effects.Frames.Where(isWanted ?? (static _ => true))],
            [.. _kept.Acknowledgements, .. effects.Acknowledgements],
            [.. _kept.Notices, .. effects.Notices],
            [.. _kept.Reports, .. effects.Reports],
            [.. _kept.Faults, .. effects.Faults]);
    }
}
