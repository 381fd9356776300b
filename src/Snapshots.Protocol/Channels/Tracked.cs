namespace Snapshots.Protocol;

/// <summary>A part of a process that <see cref="ChangeOrder{TPart}"/> keeps in the order of its last change.</summary>
internal abstract class Tracked<TPart>
    where TPart : Tracked<TPart>
{
    /// <summary>The process's revision after the last change of this part, or a later one.</summary>
    public long ChangedAt { get; internal set; }

    internal TPart? Newer { get; set; }

    internal TPart? Older { get; set; }
}
