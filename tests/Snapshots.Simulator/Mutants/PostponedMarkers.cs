using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>
/// The marker is not put on a channel in the step that records but later: behind the next message, or when the window
/// has room. It then tells the count of its late place, so that its receiver finds nothing wrong.
/// </summary>
internal sealed class PostponedMarkers(bool onlyWhenFull) : Variant
{
    private readonly HashSet<(ProcessId Process, ProcessId Target, SnapshotNumber Snapshot)> _seen = [];
    private readonly List<(ProcessId Process, ProcessId Target, SnapshotNumber Snapshot)> _owed = [];

    public override HostedProcess Create(
        ProcessId id, IApplication<LedgerState, LedgerMessage> application, Profile profile, LedgerRecord? record, Instant now) =>
        new Process(this, id, application, profile, record, now);

    private sealed class Process(
        PostponedMarkers variant,
        ProcessId id,
        IApplication<LedgerState, LedgerMessage> application,
        Profile profile,
        LedgerRecord? record,
        Instant now) : MeddlingProcess(id, application, profile, record, now)
    {
        protected override void Meddle(LedgerRecord before, LedgerFrame? frame, Instant now)
        {
            var record = ToRecord();
            var changed = new HashSet<ProcessId>();
            var channels = record.Outgoing.Select(channel => Spoil(before, channel, changed)).ToList();
            if (changed.Count > 0) Edit(record with { Outgoing = [.. channels] }, now, changed);
        }

        private OutgoingChannelRecord<LedgerMessage> Spoil(
            LedgerRecord before, OutgoingChannelRecord<LedgerMessage> channel, HashSet<ProcessId> changed)
        {
            var added = NewEntries(before, channel);
            var isFull = channel.Unacknowledged.Length > Profile.Limits.Window;
            if (added is [.., { Content: MarkerContent<LedgerMessage> marker }]
                && (isFull || !variant.IsOnlyWhenFull)
                && variant._seen.Add((Id, channel.Target, marker.Snapshot)))
            {
                variant._owed.Add((Id, channel.Target, marker.Snapshot));
                changed.Add(channel.Target);
                return channel with
                {
                    Last = new(channel.Last.Value - 1),
                    Unacknowledged = channel.Unacknowledged.RemoveAt(channel.Unacknowledged.Length - 1),
                };
            }

            var isDue = variant.IsOnlyWhenFull ? !isFull : added is [.., { Content: MessageContent<LedgerMessage> }];
            var owed = variant._owed.Find(each => each.Process == Id && each.Target == channel.Target);
            if (!isDue || owed == default) return channel;
            variant._owed.Remove(owed);
            changed.Add(channel.Target);
            var number = channel.Last.Next;
            var digest = channel.Unacknowledged is [.., var last] ? last.DigestAfter : channel.AcknowledgedDigest;
            return channel with
            {
                Last = number,
                Unacknowledged = channel.Unacknowledged.Add(
                    new(number, number, new MarkerContent<LedgerMessage>(owed.Snapshot, channel.Sent), digest)),
            };
        }
    }

    private bool IsOnlyWhenFull => onlyWhenFull;
}
