namespace Snapshots.Simulator;

/// <summary>Where the parts of a state stand in its row of numbers.</summary>
internal sealed class SearchLayout(int processes, int snapshots)
{
    public int Processes => processes;

    public int Snapshots => snapshots;

    /// <summary>How many numbers a state has.</summary>
    public int Length => Office + 1;

    public int Office => Reports(snapshots + 1);

    public int Frames(int source, int target) => processes + (source * processes) + target;

    public int Acknowledgements(int source, int target) => Frames(source, target) + (processes * processes);

    public int Collector(int snapshot) => processes + (2 * processes * processes) + snapshot - 1;

    public int Reports(int snapshot) => Collector(snapshot) + snapshots;
}
