using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>What is below the highest number that has ended is taken for ended: a slow snapshot that a fast one overtakes is lost.</summary>
internal sealed class EndedBelowHighest : Variant
{
    public override SnapshotAnnouncement Announce(SnapshotNumber highest, IReadOnlyCollection<SnapshotNumber> open)
    {
        var ended = highest;
        while (ended != default && open.Contains(ended)) ended = new(ended.Value - 1);
        return new(highest, open.Where(snapshot => snapshot > ended));
    }
}
