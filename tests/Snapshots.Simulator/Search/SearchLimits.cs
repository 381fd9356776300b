namespace Snapshots.Simulator;

/// <summary>Every bound of a search.</summary>
internal static class SearchLimits
{
    /// <summary>The most states that a search keeps.</summary>
    public const int MaxStates = 20_000_000;

    /// <summary>The most events of one schedule; a longer one is taken for one that never ends.</summary>
    public const int MaxEvents = 1_000;
}
