namespace Snapshots.Simulator;

/// <summary>What the one who numbers snapshots and the directory know, and what faults are left.</summary>
/// <param name="Highest">The highest number given out.</param>
/// <param name="Open">The open snapshots, one bit each: bit 0 is snapshot 1.</param>
/// <param name="Registered">Who is registered, one bit each.</param>
/// <param name="Losses">How many losses are left.</param>
/// <param name="Repetitions">How many repetitions are left.</param>
/// <param name="Crashes">How many crashes are left.</param>
internal sealed record OfficeSlot(int Highest, int Open, int Registered, int Losses, int Repetitions, int Crashes);
