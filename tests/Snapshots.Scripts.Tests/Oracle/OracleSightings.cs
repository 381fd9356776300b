namespace Snapshots.Scripts.Tests;

/// <summary>How often random scripts met what they are there for.</summary>
internal sealed class OracleSightings
{
    public int NonEmptyChannels { get; set; }

    public int OverlappingSnapshots { get; set; }

    public int ChannelsOpenedInside { get; set; }

    public int SeveralInitiators { get; set; }

    public int LateMarkers { get; set; }

    public int DrawnIn { get; set; }

    public int Completed { get; set; }

    public int Running { get; set; }

    public override string ToString() =>
        $"{NonEmptyChannels} non-empty channels, {OverlappingSnapshots} overlapping, "
        + $"{ChannelsOpenedInside} channels opened inside, {SeveralInitiators} several initiators, "
        + $"{LateMarkers} late markers, {DrawnIn} drawn in, {Completed} completed, {Running} running";

    public void Add(OracleSightings other)
    {
        NonEmptyChannels += other.NonEmptyChannels;
        OverlappingSnapshots += other.OverlappingSnapshots;
        ChannelsOpenedInside += other.ChannelsOpenedInside;
        SeveralInitiators += other.SeveralInitiators;
        LateMarkers += other.LateMarkers;
        DrawnIn += other.DrawnIn;
        Completed += other.Completed;
        Running += other.Running;
    }
}
