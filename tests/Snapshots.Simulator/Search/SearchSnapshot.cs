using System.Collections.Immutable;

namespace Snapshots.Simulator;

/// <summary>A snapshot of a search.</summary>
/// <param name="Initiators">
/// Who is asked to record it, each at any time; the others learn of it by markers alone.
/// </param>
/// <param name="MayAbort">Whether it is aborted, at any time, in some schedules.</param>
internal sealed record SearchSnapshot(ImmutableArray<int> Initiators, bool MayAbort = false);
