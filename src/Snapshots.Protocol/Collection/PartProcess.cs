using System.Collections.Immutable;

namespace Snapshots.Protocol;

/// <summary>A process of one part of a collection: a member, or a stranger that may be drawn in.</summary>
internal sealed class PartProcess(ProcessId id)
{
    public ProcessId Id { get; } = id;

    public bool IsMember { get; set; }

    /// <summary>It was looked up, and is at rest: the sums of its shard have its counts.</summary>
    public bool IsAtRest { get; set; }

    /// <summary>It has reported, and never rested: if it is no member that was awake, it has registered inside the snapshot.</summary>
    public bool IsNewcomer { get; set; }

    /// <summary>Its local state has come.</summary>
    public bool HasReported { get; set; }

    /// <summary>It is a member and its local state has come: its counts have been told.</summary>
    public bool IsRecorded { get; set; }

    /// <summary>What it reported, until it is told.</summary>
    public ImmutableArray<ChannelCount> Sent { get; set; } = [];

    /// <summary>What it reported, until it is told.</summary>
    public ImmutableArray<ChannelCount> Delivered { get; set; } = [];

    /// <summary>The channels from and to it that anybody has named.</summary>
    public List<PartChannel> Channels { get; } = [];
}
