namespace Snapshots.Protocol;

/// <summary>Names the directed channel from <paramref name="Source"/> to <paramref name="Target"/>.</summary>
/// <remarks>
/// Ordered by source, then target. Between two processes there is at most one channel in each direction.
/// </remarks>
/// <param name="Source">The process that sends.</param>
/// <param name="Target">The process that receives.</param>
public readonly record struct ChannelId(ProcessId Source, ProcessId Target) : IComparable<ChannelId>
{
    /// <summary>The channel in the other direction. No property: a serializer would follow it for ever.</summary>
    public ChannelId Reverse() => new(Target, Source);

    /// <summary>Ordinal order of the sources, then of the targets.</summary>
    public int CompareTo(ChannelId other)
    {
        var bySource = Source.CompareTo(other.Source);
        return bySource != 0 ? bySource : Target.CompareTo(other.Target);
    }

    /// <summary>Whether the left channel comes first.</summary>
    public static bool operator <(ChannelId left, ChannelId right) => left.CompareTo(right) < 0;

    /// <summary>Whether the left channel comes first or is the same.</summary>
    public static bool operator <=(ChannelId left, ChannelId right) => left.CompareTo(right) <= 0;

    /// <summary>Whether the left channel comes last.</summary>
    public static bool operator >(ChannelId left, ChannelId right) => left.CompareTo(right) > 0;

    /// <summary>Whether the left channel comes last or is the same.</summary>
    public static bool operator >=(ChannelId left, ChannelId right) => left.CompareTo(right) >= 0;

    /// <summary><c>source->target</c>.</summary>
    public override string ToString() => $"{Source}->{Target}";
}
