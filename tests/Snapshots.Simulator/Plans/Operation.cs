namespace Snapshots.Simulator;

/// <summary>One thing that is done to a simulated system from outside. Processes are told by number.</summary>
/// <param name="AtMs">When, in milliseconds.</param>
/// <param name="Kind">What; its members say what the rest means.</param>
/// <param name="Process">A process.</param>
/// <param name="Other">Another process, or the same.</param>
/// <param name="Value">An amount or a snapshot number.</param>
/// <param name="DurationMs">How long.</param>
/// <param name="Key">A number that no other operation of the plan has.</param>
internal sealed record Operation(long AtMs, OperationKind Kind, int Process, int Other, long Value, long DurationMs, int Key);
