namespace Snapshots.Simulator;

/// <summary>Acknowledgements leave before the step that they show is written.</summary>
internal sealed class AcknowledgesFirstMutant : Variant
{
    public override bool AcknowledgesFirst => true;
}
