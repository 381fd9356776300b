namespace Snapshots.Protocol;

/// <summary>
/// What a process has seen since it was made or restored. For metrics and tests; no decision depends on it.
/// </summary>
/// <param name="Duplicates">Frames dropped because they had been delivered.</param>
/// <param name="HeldBack">Frames that came early and were kept.</param>
/// <param name="Dropped">Frames that came early and found the hold-back buffer full.</param>
/// <param name="Resent">Frames sent again.</param>
/// <param name="LateMarkers">Markers of snapshots that had ended.</param>
/// <param name="Markers">Markers put on channels; sent again, they count once.</param>
public readonly record struct ProcessCounters(
    long Duplicates, long HeldBack, long Dropped, long Resent, long LateMarkers, long Markers);
