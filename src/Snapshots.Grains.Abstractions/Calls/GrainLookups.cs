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
        if (OnlyClass<TGrain>.Known is { } known) return (TGrain)grains.GetGrain(GrainId.Create(known.Class, key), known.Interface);
        var first = grains.GetGrain<TGrain>(key);
        if (first is GrainReference reference) OnlyClass<TGrain>.Known = new(reference.GrainId.Type, reference.InterfaceType);
        return first;
    }

    /// <summary>The grain with that id, by an interface that many classes may implement.</summary>
    public static TGrain Get<TGrain>(this IGrainFactory grains, GrainId grain)
        where TGrain : class, IAddressable
    {
        ArgumentNullException.ThrowIfNull(grains);
        if (AnyClass<TGrain>.Known is { } known) return (TGrain)grains.GetGrain(grain, known.Interface);
        var first = grains.GetGrain<TGrain>(grain);
        if (first is GrainReference reference) AnyClass<TGrain>.Known = new(grain.Type, reference.InterfaceType);
        return first;
    }

    private sealed record Looked(GrainType Class, GrainInterfaceType Interface);

    private static class OnlyClass<TGrain>
    {
        public static volatile Looked? Known;
    }

    private static class AnyClass<TGrain>
    {
        public static volatile Looked? Known;
    }
}
