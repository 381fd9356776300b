namespace Snapshots.Grains;

/// <summary>
/// Makes references to grains of the machinery. Orleans looks an interface and the grain behind it up by reflection each
/// time, which costs as much as a call within the silo; here that is done once for each interface.
/// </summary>
public static class GrainLookups
{
    /// <summary>The only grain of that interface with that key.</summary>
    /// <typeparam name="TGrain">An interface that one class implements, the same one in every cluster of this program.</typeparam>
    public static TGrain Get<TGrain>(this IGrainFactory grains, string key)
        where TGrain : class, IGrainWithStringKey
    {
        ArgumentNullException.ThrowIfNull(grains);
        if (Known<TGrain>.Reference is { } known) return (TGrain)grains.GetGrain(GrainId.Create(known.GrainId.Type, key), known.InterfaceType);
        var first = grains.GetGrain<TGrain>(key);
        Known<TGrain>.Reference = first as GrainReference;
        return first;
    }

    /// <summary>The grain with that id, by an interface that many classes may implement.</summary>
    public static TGrain Get<TGrain>(this IGrainFactory grains, GrainId grain)
        where TGrain : class, IAddressable
    {
        ArgumentNullException.ThrowIfNull(grains);
        if (Known<TGrain>.Reference is { } known) return (TGrain)grains.GetGrain(grain, known.InterfaceType);
        var first = grains.GetGrain<TGrain>(grain);
        Known<TGrain>.Reference = first as GrainReference;
        return first;
    }

    private static class Known<TGrain>
    {
        /// <summary>Any reference that Orleans has made: it knows which interface it is of.</summary>
        public static volatile GrainReference? Reference;
    }
}
