namespace Snapshots.Simulator;

/// <summary>The storage does not look at versions.</summary>
internal sealed class StaleWritesMutant : Variant
{
    public override bool TakesStaleWrites => true;
}
