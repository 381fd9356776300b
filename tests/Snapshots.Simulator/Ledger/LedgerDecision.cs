namespace Snapshots.Simulator;

/// <summary>What a process decides on a request.</summary>
/// <param name="IsAccepted">Whether it is obeyed.</param>
/// <param name="Reaction">The step that it makes; none if it was decided before.</param>
internal sealed record LedgerDecision(bool IsAccepted, LedgerReaction? Reaction);
