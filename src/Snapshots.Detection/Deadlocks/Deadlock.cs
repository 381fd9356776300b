namespace Snapshots.Detection;

/// <summary>
/// One thing that can wait: a process, or one of the requests that it works on at the same time. Ordered by process,
/// then by request.
/// </summary>
/// <param name="Process">The process.</param>
/// <param name="Request">The request; empty for a process that works on one thing at a time.</param>
public readonly record struct WaitNode(ProcessId Process, string Request) : IComparable<WaitNode>
{
    /// <summary>A process that works on one thing at a time.</summary>
    public WaitNode(ProcessId process)
        : this(process, string.Empty)
    {
    }

    /// <inheritdoc/>
    public override int GetHashCode() =>
        string.IsNullOrEmpty(Request) ? Process.GetHashCode() : HashCode.Combine(Process, Request);

    /// <summary>Ordinal order of the processes, then of the requests.</summary>
    public int CompareTo(WaitNode other)
    {
        var byProcess = Process.CompareTo(other.Process);
        return byProcess != 0 ? byProcess : string.CompareOrdinal(Request, other.Request);
    }

    /// <summary>Whether the left node comes first.</summary>
    public static bool operator <(WaitNode left, WaitNode right) => left.CompareTo(right) < 0;

    /// <summary>Whether the left node comes first or is the same.</summary>
    public static bool operator <=(WaitNode left, WaitNode right) => left.CompareTo(right) <= 0;

    /// <summary>Whether the left node comes last.</summary>
    public static bool operator >(WaitNode left, WaitNode right) => left.CompareTo(right) > 0;

    /// <summary>Whether the left node comes last or is the same.</summary>
    public static bool operator >=(WaitNode left, WaitNode right) => left.CompareTo(right) >= 0;

    /// <summary><c>process</c>, or <c>process/request</c>.</summary>
    public override string ToString() => string.IsNullOrEmpty(Request) ? Process.Value : $"{Process}/{Request}";
}

/// <summary>The shape of the witness of a deadlock.</summary>
public enum WitnessKind
{
    /// <summary>There is no deadlock, so no witness.</summary>
    None,

    /// <summary>A cycle: each waits for the next one, the last for the first. The witness has that order.</summary>
    Cycle,

    /// <summary>A knot: each waits for any one of others, and all of those are in the knot.</summary>
    Knot,

    /// <summary>Another set in which nobody gets enough from outside to go on.</summary>
    Irreducible,
}

/// <summary>What <see cref="WaitGraph.FindDeadlock"/> has found. It depends on the graph alone.</summary>
/// <param name="Blocked">
/// All that can never act again: the deadlocked ones and those that wait for them. In order; empty without a deadlock.
/// </param>
/// <param name="Kind">The shape of the witness.</param>
/// <param name="Witness">
/// A part of <paramref name="Blocked"/> that is blocked by itself, whatever all others do, and of which no smaller part
/// is. A cycle begins with its first node, anything else is in order. Empty without a deadlock.
/// </param>
public sealed record Deadlock(ImmutableArray<WaitNode> Blocked, WitnessKind Kind, ImmutableArray<WaitNode> Witness)
{
    /// <summary>No deadlock.</summary>
    public static Deadlock None { get; } = new([], WitnessKind.None, []);

    /// <summary>Whether there is one.</summary>
    public bool Exists => !Blocked.IsEmpty;

    /// <summary>
    /// The one to give up, so that all others of the witness can go on: the last one in order. Every detector that sees
    /// the same witness chooses the same one. Null without a deadlock.
    /// </summary>
    public WaitNode? Victim => Exists ? Witness.Max() : null;
}
