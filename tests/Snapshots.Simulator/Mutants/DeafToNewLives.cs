using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>A part of a collection goes on with the counts of a life of another part that is over.</summary>
internal sealed class DeafToNewLives : Variant
{
    public override bool Listens(HeardCounts heard, CountPage page) => heard.Count == 0 || heard.Life == page.Life;
}
