namespace Snapshots.Simulator;

/// <summary>What became of a request, kept under its key.</summary>
/// <param name="Key">The request's key; no two requests of a run share one.</param>
/// <param name="IsAccepted">Whether it was obeyed; a refusal is kept too.</param>
internal readonly record struct LedgerOutcome(int Key, bool IsAccepted);
