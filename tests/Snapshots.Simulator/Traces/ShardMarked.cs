using System.Collections.Immutable;
using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>A directory shard has answered a mark.</summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
/// <param name="Announcement">The snapshots that it was marked with.</param>
/// <param name="Shards">How processes are split into shards.</param>
/// <param name="Shard">Which shard.</param>
/// <param name="Members">The processes that it has listed.</param>
public sealed record ShardMarked<TState, TMessage>(
    SnapshotAnnouncement Announcement, Partition Shards, int Shard, ImmutableArray<ProcessId> Members)
    : TraceEvent<TState, TMessage>(default(ProcessId))
{
    /// <summary>Whether a process belongs to the shard.</summary>
    public bool Holds(ProcessId process) => Shards.PartOf(process) == Shard;

    internal override void AddTo(ref TraceHash hash, ITracedApplication<TState, TMessage> application)
    {
        base.AddTo(ref hash, application);
        hash.Add(Announcement.Highest.Value);
        foreach (var member in Members) hash.Add(member);
    }
}
