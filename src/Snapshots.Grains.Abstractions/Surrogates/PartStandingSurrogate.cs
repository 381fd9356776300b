using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>The wire form of <see cref="PartStanding"/>.</summary>
[GenerateSerializer]
[Alias("snapshots.part-standing")]
internal struct PartStandingSurrogate
{
    /// <summary>See <see cref="PartStanding.Part"/>.</summary>
    [Id(0)]
    public int Part;

    /// <summary>See <see cref="PartStanding.Life"/>.</summary>
    [Id(1)]
    public long Life;

    /// <summary>See <see cref="PartStanding.Progress"/>.</summary>
    [Id(2)]
    public CollectionProgress Progress;

    /// <summary>See <see cref="PartStanding.Messages"/>.</summary>
    [Id(3)]
    public long Messages;

    /// <summary>See <see cref="PartStanding.Told"/>.</summary>
    [Id(4)]
    public int[] Told;

    /// <summary>See <see cref="PartStanding.Heard"/>.</summary>
    [Id(5)]
    public HeardCounts[] Heard;

    /// <summary>See <see cref="PartStanding.Failure"/>.</summary>
    [Id(6)]
    public string Failure;

    /// <summary>See <see cref="PartStanding.Violation"/>.</summary>
    [Id(7)]
    public string Violation;

    /// <summary>See <see cref="PartStanding.First"/>.</summary>
    [Id(8)]
    public ProcessId First;

    /// <summary>See <see cref="PartStanding.Bytes"/>.</summary>
    [Id(9)]
    public long Bytes;

    /// <summary>The upper half of <see cref="PartStanding.Balance"/>.</summary>
    [Id(10)]
    public ulong BalanceHigh;

    /// <summary>The lower half of <see cref="PartStanding.Balance"/>.</summary>
    [Id(11)]
    public ulong BalanceLow;

    /// <summary>See <see cref="PartStanding.Unknown"/>.</summary>
    [Id(12)]
    public int Unknown;
}
