namespace Snapshots.Simulator;

/// <summary>A process in a state of the search: all that it is, and what of it is written.</summary>
/// <param name="Process">Which one.</param>
/// <param name="Record">The number of its record; -1 before it has joined.</param>
/// <param name="HeldBack">The frames that it holds back.</param>
/// <param name="History">The number of its history; -1 if it has done nothing.</param>
/// <param name="Unwritten">Effects of steps that are not written.</param>
/// <param name="StoredRecord">The number of the record that is written; -1 if none is.</param>
/// <param name="StoredHistory">The history that is written with it.</param>
/// <param name="Written">Effects of steps that are written, not performed yet.</param>
internal sealed record ProcessSlot(
    int Process,
    int Record,
    System.Collections.Immutable.ImmutableArray<int> HeldBack,
    int History,
    SearchEffects Unwritten,
    int StoredRecord,
    int StoredHistory,
    SearchEffects Written);
