using System.Collections.Immutable;

namespace Snapshots.Protocol;

/// <summary>
/// One life of a process in memory, told apart from every other one by a number that its host draws at random.
/// </summary>
/// <param name="Value">The number.</param>
public readonly record struct Incarnation(long Value);

/// <summary>
/// The fencing token of one entry in the pending-work registry. What ends one entry, and comes late, does not end the
/// next one.
/// </summary>
/// <param name="Value">The number.</param>
public readonly record struct WorkToken(long Value);

/// <summary>What a participant wants its host to do next; one piece at a time.</summary>
public abstract record ParticipantWork;

/// <summary>
/// Ask the directory shard whether the process is registered. Nothing was found of it: if it is registered all the
/// same, the journal is to be read again, since another activation may have written it meanwhile.
/// <see cref="Participant{TState, TMessage}.LookedUp"/> takes the answer.
/// </summary>
public sealed record LookUpWork : ParticipantWork;

/// <summary>
/// Register the process with its directory shard. <see cref="Participant{TState, TMessage}.Registered"/> takes the
/// answer.
/// </summary>
public sealed record RegisterWork : ParticipantWork;

/// <summary>
/// Ask the directory shard for its gate. <see cref="Participant{TState, TMessage}.Answered"/> takes the answer.
/// </summary>
public sealed record AskGateWork : ParticipantWork;

/// <summary>
/// Tell the directory shard that the process rests, and with what state and counts.
/// <see cref="Participant{TState, TMessage}.Told"/> takes the answer.
/// </summary>
/// <param name="Mark">Which rest it is.</param>
/// <param name="Report">What it would report of a snapshot.</param>
public sealed record RestWork(RestMark Mark, LocalStateReport Report) : ParticipantWork;

/// <summary>
/// Have the directory shard store that the process no longer rests.
/// <see cref="Participant{TState, TMessage}.Awoken"/> takes the answer.
/// </summary>
/// <param name="Mark">The rest that ends.</param>
public sealed record AwakeWork(RestMark Mark) : ParticipantWork;

/// <summary>Put the process into the pending-work registry under that token, persistently.</summary>
/// <param name="Token">The token.</param>
public sealed record EnlistWork(WorkToken Token) : ParticipantWork;

/// <summary>Write to the journal, if there is something to write, and then hand out what is returned for it.</summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
/// <param name="Checkpoint">
/// The record to put in the place of all that is stored; none if there is an entry, or nothing to write.
/// </param>
/// <param name="Entry">The entry to append; none if there is a checkpoint, or nothing to write.</param>
/// <param name="StateBefore">The state that the last write stored, to which the entry may tell the difference.</param>
/// <param name="State">The state that is durable once the write has taken effect.</param>
public sealed record WriteWork<TState, TMessage>(
    ProcessRecord<TState, TMessage>? Checkpoint, ProcessChange<TState, TMessage>? Entry, TState StateBefore, TState State)
    : ParticipantWork
{
    /// <summary>Whether there is nothing to write: what is handed out shows nothing new.</summary>
    public bool IsEmpty => Checkpoint is null && Entry is null;

    /// <summary>
    /// What others may see once the write has taken effect, and not before: returned by <c>Completed</c> alone.
    /// </summary>
    internal Handout<TMessage> Handout { get; init; } = Handout<TMessage>.Nothing;

    /// <summary>The participant's revision that is durable then.</summary>
    internal long Revision { get; init; }

    /// <summary>The process's gate that is durable then.</summary>
    internal Gate Gate { get; init; }
}

/// <summary>What the host is to perform once a write has taken effect.</summary>
/// <typeparam name="TMessage">What the application sends.</typeparam>
/// <param name="Effects">
/// Frames, acknowledgements, notices and faults. Its reports are among <paramref name="Reports"/>.
/// </param>
/// <param name="Reports">The reports to bring to the collection; new ones, or all that got no receipt.</param>
/// <param name="Release">
/// The token that is to leave the pending-work registry, if any. To forget it costs one activation after a loss.
/// </param>
public sealed record Handout<TMessage>(Effects<TMessage> Effects, ImmutableArray<Report> Reports, WorkToken? Release)
{
    /// <summary>Whether there is nothing to perform.</summary>
    public bool IsEmpty => Effects.IsEmpty && Reports.IsEmpty && Release is null;

    internal static Handout<TMessage> Nothing { get; } = new(new([], [], [], [], []), [], null);
}
