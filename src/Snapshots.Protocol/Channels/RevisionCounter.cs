namespace Snapshots.Protocol;

/// <summary>Counts the changes of one process; shared with the parts that note when they changed.</summary>
internal sealed class RevisionCounter
{
    public long Value { get; private set; }

    public void Advance() => Value++;
}
