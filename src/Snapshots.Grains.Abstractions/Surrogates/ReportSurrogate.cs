using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>
/// The wire and stored form of the reports that the collector takes, all kinds in one: the arrays that a kind does not
/// use are empty.
/// </summary>
[GenerateSerializer]
[Immutable]
[Alias("snapshots.report")]
public sealed class ReportSurrogate
{
    /// <summary>0 local, 1 channel, 2 overflow.</summary>
    [Id(0)]
    public byte Kind { get; init; }

    /// <summary>The snapshot.</summary>
    [Id(1)]
    public long Snapshot { get; init; }

    /// <summary>The epoch of the process.</summary>
    [Id(2)]
    public long Epoch { get; init; }

    /// <summary>The process that reports.</summary>
    [Id(3)]
    public string Process { get; init; } = string.Empty;

    /// <summary>A local report's state.</summary>
    [Id(4)]
    public ReadOnlyMemory<byte> State { get; init; }

    /// <summary>A local report's peers, those of <see cref="Sent"/> first.</summary>
    [Id(5)]
    public string[] Peers { get; init; } = [];

    /// <summary>A local report's messages sent, by peer.</summary>
    [Id(6)]
    public long[] Sent { get; init; } = [];

    /// <summary>A local report's messages delivered, by peer.</summary>
    [Id(7)]
    public long[] Delivered { get; init; } = [];

    /// <summary>A channel report's source.</summary>
    [Id(8)]
    public string Source { get; init; } = string.Empty;

    /// <summary>A channel report's messages delivered before the cut, or an overflow report's limit.</summary>
    [Id(9)]
    public long Number { get; init; }

    /// <summary>A channel report's messages.</summary>
    [Id(10)]
    public ReadOnlyMemory<byte>[] Messages { get; init; } = [];

    /// <summary>A local report's memory of request keys.</summary>
    [Id(11)]
    public ReadOnlyMemory<byte> Requests { get; init; }

    /// <summary>A local report's last events; null if the process has no flight recorder.</summary>
    [Id(12)]
    public FlightEventSurrogate[]? Flight { get; init; }

    /// <summary>Whether the process has rested before.</summary>
    [Id(13)]
    public bool HasRested { get; init; }
}

/// <summary>The wire and stored form of a <see cref="FlightEvent"/>.</summary>
/// <param name="Kind">0 sent, 1 delivered, 2 cut.</param>
/// <param name="Peer">The other end of the channel; null for a cut.</param>
/// <param name="Number">The place of the message on its channel, or the number of the snapshot.</param>
/// <param name="AtMs">When, in milliseconds since 1970.</param>
[GenerateSerializer]
[Immutable]
[Alias("snapshots.flight")]
public readonly record struct FlightEventSurrogate(
    [property: Id(0)] byte Kind,
    [property: Id(1)] string? Peer,
    [property: Id(2)] long Number,
    [property: Id(3)] long AtMs);
