using System.Collections.Immutable;

namespace Snapshots.Protocol;

/// <summary>Some registered processes, as their shard stores them.</summary>
/// <param name="Kind">The kind of host that they have.</param>
/// <param name="Processes">The processes, in the order of registration.</param>
/// <param name="ByMessage">How many of them a message has brought into being.</param>
public sealed record ShardPage(string Kind, ImmutableArray<ProcessId> Processes, int ByMessage = 0);

/// <summary>Some of the processes that have frames under way, as their shard stores them.</summary>
/// <param name="Pages">How many pages of the directory were stored before: fewer are damage.</param>
/// <param name="Tokens">The processes in ordinal order, each with its token.</param>
public sealed record RegistryRow(int Pages, ImmutableArray<(ProcessId Process, WorkToken Token)> Tokens);

/// <summary>A process enters the pending-work registry or leaves it.</summary>
/// <param name="Process">The process.</param>
/// <param name="Token">Names this entry, and no other one of the process.</param>
/// <param name="IsPending">Whether the entry begins, in the place of any other one of the process, or ends.</param>
public readonly record struct WorkNote(ProcessId Process, WorkToken Token, bool IsPending);

/// <summary>
/// What a directory shard wants its host to do. At most one write, one question and some wake-ups are under way.
/// </summary>
public abstract record ShardWork;

/// <summary>Store these rows.</summary>
/// <param name="Pages">Pages by number.</param>
/// <param name="Rows">Rows of the registry by number.</param>
/// <param name="Processes">How many registrations are stored then.</param>
/// <param name="Notes">How many notes are durable then.</param>
/// <param name="Head">What is known of restores; none if that is as it is stored.</param>
public sealed record WriteShardWork(
    ImmutableArray<(int Number, ShardPage Page)> Pages,
    ImmutableArray<(int Number, RegistryRow Row)> Rows,
    int Processes,
    long Notes,
    ShardHead? Head)
    : ShardWork
{
    /// <summary>Rows of processes at rest by number.</summary>
    public ImmutableArray<(int Number, RestRow Row)> Rests { get; init; } = [];

    /// <summary>How many changes of rests are stored then.</summary>
    internal long RestChanges { get; init; }

    /// <summary>How many ends of rests are stored then.</summary>
    internal long Awakes { get; init; }
}

/// <summary>Read the rows of processes at rest, which an earlier activation may have written until now.</summary>
/// <param name="Rows">The rows: numbers from 0 on, of which some may not exist.</param>
public sealed record ReadRestsWork(int Rows) : ShardWork;

/// <summary>Read again whether another activation has written the rows; no write is under way meanwhile.</summary>
/// <param name="Marks">How many marks may be answered if none has.</param>
/// <param name="Awakes">For how many ends of rests the index may be asked if none has.</param>
public sealed record VerifyShardWork(long Marks, long Awakes) : ShardWork;

/// <summary>Ask the index for the epoch and the open snapshots.</summary>
/// <param name="Awakes">How many ends of rests may be answered then.</param>
public sealed record AskIndexWork(long Awakes) : ShardWork;

/// <summary>
/// List the processes of this shard that have a local state in that snapshot, in the order in which they are best read.
/// </summary>
/// <param name="Source">The source of a restore.</param>
public sealed record ReadSourceWork(SnapshotNumber Source) : ShardWork;

/// <summary>Have a member close, open, or apply its part of the source.</summary>
/// <param name="Process">The member.</param>
/// <param name="Order">What it is to do.</param>
/// <param name="WasClosed">Whether it had to close before, if it is to apply its part.</param>
public sealed record MemberWork(ProcessId Process, ShardOrder Order, bool WasClosed = false) : ShardWork;

/// <summary>Wake a process.</summary>
/// <param name="Process">The process.</param>
/// <param name="Token">The token under which it stands in the registry.</param>
public sealed record WakeWork(ProcessId Process, WorkToken Token) : ShardWork;
