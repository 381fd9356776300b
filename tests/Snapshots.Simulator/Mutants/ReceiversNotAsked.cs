namespace Snapshots.Simulator;

/// <summary>A collector asks nobody again who has recorded, whatever channel states are missing.</summary>
internal sealed class ReceiversNotAsked : Variant
{
    public override bool AsksReceivers => false;
}
