using System.Collections.Immutable;
using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>Compares what processes persist by content; their records compare arrays by reference.</summary>
internal static class RecordComparer
{
    /// <summary>The first difference in a few words; none if the two say the same.</summary>
    public static string? FindDifference<TState, TMessage>(ProcessRecord<TState, TMessage> left, ProcessRecord<TState, TMessage> right)
    {
        if (ReferenceEquals(left, right)) return null;
        if (left.Id != right.Id) return "another process";
        if (left.Epoch != right.Epoch) return $"epoch {left.Epoch} became {right.Epoch}";
        if (left.Gate != right.Gate) return $"{left.Gate} became {right.Gate}";
        if (left.Damage != right.Damage) return $"the damage {left.Damage ?? "none"} became {right.Damage ?? "none"}";
        if (!EqualityComparer<TState>.Default.Equals(left.State, right.State)) return $"the state {left.State} became {right.State}";
        if (!left.Requests.Equals(right.Requests)) return "the memories of keys differ";
        if (!left.Known.Equals(right.Known)) return $"known {left.Known} became {right.Known}";
        if (left.LastOrdinal != right.LastOrdinal) return $"{left.LastOrdinal} recordings became {right.LastOrdinal}";
        if ((left.Generation, left.IsResting) != (right.Generation, right.IsResting)) return "the rests differ";
        if (!AreSame(left.Outgoing, right.Outgoing, IsSame)) return "the outgoing channels differ";
        if (!AreSame(left.Incoming, right.Incoming, static (one, other) => one.Equals(other))) return "the incoming channels differ";
        return AreSame(left.Recordings, right.Recordings, IsSame) ? null : "the recordings differ";
    }

    private static bool IsSame<TMessage>(OutgoingChannelRecord<TMessage> left, OutgoingChannelRecord<TMessage> right) =>
        left.Target == right.Target
        && left.Acknowledged == right.Acknowledged
        && left.AcknowledgedDigest == right.AcknowledgedDigest
        && left.Last == right.Last
        && left.Sent == right.Sent
        && left.MarkedUpTo == right.MarkedUpTo
        && AreSame(left.Unacknowledged, right.Unacknowledged, static (one, other) => one.Equals(other));

    private static bool IsSame<TState, TMessage>(RecordingRecord<TState, TMessage> left, RecordingRecord<TState, TMessage> right) =>
        left.Snapshot == right.Snapshot
        && left.Ordinal == right.Ordinal
        && left.Overflow == right.Overflow
        && left.OverflowAccepted == right.OverflowAccepted
        && IsSame(left.Local, right.Local)
        && AreSame(left.Channels, right.Channels, static (one, other) =>
            one.Source == other.Source
            && one.DeliveredBefore == other.DeliveredBefore
            && one.Status == other.Status
            && one.Messages.AsSpan().SequenceEqual(other.Messages.AsSpan()));

    private static bool IsSame<TState>(LocalReport<TState>? left, LocalReport<TState>? right)
    {
        if (left is null || right is null) return left is null && right is null;
        return left.Snapshot == right.Snapshot
            && left.Epoch == right.Epoch
            && left.Process == right.Process
            && EqualityComparer<TState>.Default.Equals(left.State, right.State)
            && left.Requests.Equals(right.Requests)
            && left.Sent.AsSpan().SequenceEqual(right.Sent.AsSpan())
            && left.Delivered.AsSpan().SequenceEqual(right.Delivered.AsSpan());
    }

    private static bool AreSame<T>(ImmutableArray<T> left, ImmutableArray<T> right, Func<T, T, bool> isSame)
    {
        if (left.Length != right.Length) return false;
        for (var index = 0; index < left.Length; index++)
        {
            if (!ReferenceEquals(left[index], right[index]) && !isSame(left[index], right[index])) return false;
        }

        return true;
    }
}
