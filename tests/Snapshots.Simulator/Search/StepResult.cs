namespace Snapshots.Simulator;

/// <summary>What a step came to.</summary>
/// <param name="Slot">The number of the process after it.</param>
/// <param name="Effects">What is to be performed at once.</param>
/// <param name="Breach">What was wrong with it.</param>
internal sealed record StepResult(int Slot, SearchEffects Effects, InvariantBreach? Breach);
