using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>The wire form of <see cref="CountPage"/>, column by column.</summary>
[GenerateSerializer]
[Alias("snapshots.count-page")]
internal struct CountPageSurrogate
{
    /// <summary>See <see cref="CountPage.From"/>.</summary>
    [Id(0)]
    public int From;

    /// <summary>See <see cref="CountPage.Life"/>.</summary>
    [Id(1)]
    public long Life;

    /// <summary>See <see cref="CountPage.Offset"/>.</summary>
    [Id(2)]
    public int Offset;

    /// <summary>The source of each channel.</summary>
    [Id(3)]
    public string[] Sources;

    /// <summary>The target of each channel.</summary>
    [Id(4)]
    public string[] Targets;

    /// <summary>Whether the target counted.</summary>
    [Id(5)]
    public bool[] AtTarget;

    /// <summary>What was counted.</summary>
    [Id(6)]
    public long[] Counts;

    /// <summary>See <see cref="CountPage.Total"/>.</summary>
    [Id(7)]
    public int Total;
}
