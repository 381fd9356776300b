namespace Snapshots.Simulator;

/// <summary>
/// What one process has done, in order: its steps, its cuts, and the frames that it sent for the first time. It is part
/// of a state, so two schedules that lead to one state differ in nothing but the order of events that do not concern
/// each other.
/// </summary>
/// <param name="Before">The number of the history without the last event; -1 if there is none.</param>
/// <param name="Event">The last event.</param>
/// <param name="Length">How many events there are.</param>
internal sealed record SearchHistory(int Before, TraceEvent<LedgerState, LedgerMessage> Event, int Length);
