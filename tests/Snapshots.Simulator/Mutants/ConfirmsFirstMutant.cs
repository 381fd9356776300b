namespace Snapshots.Simulator;

/// <summary>A collector confirms a report before it is stored.</summary>
internal sealed class ConfirmsFirstMutant : Variant
{
    public override bool ConfirmsFirst => true;
}
