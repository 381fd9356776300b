using System.Collections.Immutable;

namespace Snapshots.Protocol;

/// <summary>What a process did.</summary>
public enum FlightEventKind
{
    /// <summary>It sent a message for the first time.</summary>
    Sent,

    /// <summary>It delivered a message.</summary>
    Delivered,

    /// <summary>It recorded a snapshot.</summary>
    Cut,
}

/// <summary>Something that a process did.</summary>
/// <param name="Kind">What it did.</param>
/// <param name="Peer">The other end of the channel; <c>default</c> for a cut.</param>
/// <param name="Number">
/// The message's place among the messages of its channel, from 1; for a cut the number of the snapshot.
/// </param>
/// <param name="AtMs">
/// When, in milliseconds: of the process's monotonic clock in its recorder, of the wall clock in a report.
/// </param>
public readonly record struct FlightEvent(FlightEventKind Kind, ProcessId Peer, long Number, long AtMs);

/// <summary>
/// Keeps the last events of one process in memory, so that a picture of a cut can show what happened around it. The
/// protocol decides nothing by it, and a crash empties it.
/// </summary>
/// <remarks>Not safe for concurrent use.</remarks>
public sealed class FlightRecorder
{
    /// <summary>The most events that a recorder may keep.</summary>
    public const int MaxCapacity = 1000;

    private readonly FlightEvent[] _ring;
    private long _count;

    /// <summary>Makes an empty recorder.</summary>
    /// <param name="capacity">The events that it keeps, from 1 to <see cref="MaxCapacity"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is not in that range.</exception>
    public FlightRecorder(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, MaxCapacity);
        _ring = new FlightEvent[capacity];
    }

    /// <summary>The events that it has, the oldest first, each moved in time by that many milliseconds.</summary>
    public ImmutableArray<FlightEvent> Read(long shiftMs)
    {
        var kept = Math.Min(_count, _ring.Length);
        var events = ImmutableArray.CreateBuilder<FlightEvent>((int)kept);
        for (var place = _count - kept; place < _count; place++)
        {
            var read = _ring[place % _ring.Length];
            events.Add(read with { AtMs = read.AtMs + shiftMs });
        }

        return events.MoveToImmutable();
    }

    internal void Add(FlightEventKind kind, ProcessId peer, long number, Instant now) =>
        _ring[_count++ % _ring.Length] = new(kind, peer, number, now.Milliseconds);

    /// <summary>A restore discards the history.</summary>
    internal void Clear() => _count = 0;
}
