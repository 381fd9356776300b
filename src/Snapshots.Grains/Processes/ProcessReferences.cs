namespace Snapshots.Grains;

/// <summary>Makes references to processes.</summary>
internal static class ProcessReferences
{
    /// <summary>Any reference that Orleans has made: it knows which interface it is of.</summary>
    private static volatile GrainReference? _any;

    /// <summary>
    /// The process with that id. Orleans looks the interface up by reflection each time, which costs as much as a call
    /// within the silo; here that is done once.
    /// </summary>
    public static ISnapshotProcess GetProcess(this IGrainFactory grains, GrainId process)
    {
        if (_any is { } any) return (ISnapshotProcess)grains.GetGrain(process, any.InterfaceType);
        var first = grains.GetGrain<ISnapshotProcess>(process);
        _any = first as GrainReference;
        return first;
    }
}
