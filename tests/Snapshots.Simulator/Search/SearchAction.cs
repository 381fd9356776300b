namespace Snapshots.Simulator;

/// <summary>One thing that may happen next.</summary>
/// <param name="Kind">What.</param>
/// <param name="Where">The process, the source of a channel, or the number of a snapshot.</param>
/// <param name="Other">The target of a channel, or the number of a snapshot.</param>
/// <param name="Item">A frame, an acknowledgement, a report, or the place of a transfer.</param>
internal readonly record struct SearchAction(SearchActionKind Kind, int Where, int Other = 0, int Item = 0);
