namespace Snapshots.Simulator;

/// <summary>Frames leave before the step that they show is written.</summary>
internal sealed class SendsFirstMutant : Variant
{
    public override bool SendsFirst => true;
}
