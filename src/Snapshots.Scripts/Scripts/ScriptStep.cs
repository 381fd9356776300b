namespace Snapshots.Scripts;

/// <summary>One statement of a script. Every rule that needs no run was checked.</summary>
/// <param name="Line">Its line in the script, from 1.</param>
public abstract record ScriptStep(int Line);

/// <summary><c>process P 2</c>, <c>worker A</c>, <c>object R root</c>: opens a process.</summary>
/// <param name="Line">Its line in the script, from 1.</param>
/// <param name="Process">The new process.</param>
/// <param name="Command">The statement without the process, its words separated by one blank.</param>
public sealed record ProcessStep(int Line, ProcessId Process, string Command) : ScriptStep(Line);

/// <summary><c>channel P Q</c>: opens a directed channel.</summary>
/// <param name="Line">Its line in the script, from 1.</param>
/// <param name="Channel">The new channel, between two open processes.</param>
public sealed record ChannelStep(int Line, ChannelId Channel) : ScriptStep(Line);

/// <summary>
/// <c>send P Q 1</c>, <c>acquire A L</c>, <c>drop R X</c>: a process does something; the run shows whether it can.
/// </summary>
/// <param name="Line">Its line in the script, from 1.</param>
/// <param name="Process">An open process.</param>
/// <param name="Command">The statement without the process, its words separated by one blank.</param>
public sealed record ActStep(int Line, ProcessId Process, string Command) : ScriptStep(Line);

/// <summary><c>snapshot s1 P</c>: a process initiates a snapshot, which begins with the first such step.</summary>
/// <param name="Line">Its line in the script, from 1.</param>
/// <param name="Snapshot">The snapshot.</param>
/// <param name="Process">An open process.</param>
public sealed record SnapshotStep(int Line, SnapshotId Snapshot, ProcessId Process) : ScriptStep(Line);

/// <summary><c>deliver P Q</c>: delivers the frame at the head of a channel, message or marker.</summary>
/// <param name="Line">Its line in the script, from 1.</param>
/// <param name="Channel">An open channel; the run shows whether a frame waits on it.</param>
public sealed record DeliverStep(int Line, ChannelId Channel) : ScriptStep(Line);

/// <summary><c>drain</c>: delivers in rounds until nothing waits.</summary>
/// <param name="Line">Its line in the script, from 1.</param>
public sealed record DrainStep(int Line) : ScriptStep(Line);

/// <summary><c>expect s1 process P 1</c>: the local state of a process in a snapshot.</summary>
/// <param name="Line">Its line in the script, from 1.</param>
/// <param name="Snapshot">A snapshot that has begun.</param>
/// <param name="Process">An open process.</param>
/// <param name="Tokens">The tokens expected at its cut, 0 to <see cref="ScriptLimits.MaxAmount"/>.</param>
public sealed record ExpectProcessStep(int Line, SnapshotId Snapshot, ProcessId Process, long Tokens)
    : ScriptStep(Line);

/// <summary><c>expect s1 channel P Q 1 2</c>: the state of a channel in a snapshot.</summary>
/// <param name="Line">Its line in the script, from 1.</param>
/// <param name="Snapshot">A snapshot that has begun.</param>
/// <param name="Channel">An open channel.</param>
/// <param name="Amounts">The expected amounts in transit at the cut, in order; empty for an empty channel.</param>
public sealed record ExpectChannelStep(int Line, SnapshotId Snapshot, ChannelId Channel, ImmutableArray<long> Amounts)
    : ScriptStep(Line);

/// <summary><c>expect s1 complete</c> or <c>expect s1 running</c>: whether a snapshot has completed.</summary>
/// <param name="Line">Its line in the script, from 1.</param>
/// <param name="Snapshot">A snapshot that has begun.</param>
/// <param name="IsComplete">Whether it is expected to be complete, or else running.</param>
public sealed record ExpectStatusStep(int Line, SnapshotId Snapshot, bool IsComplete) : ScriptStep(Line);

/// <summary><c>expect now process P 1</c>: the tokens that a process holds at this point of the script.</summary>
/// <param name="Line">Its line in the script, from 1.</param>
/// <param name="Process">An open process.</param>
/// <param name="Tokens">The tokens expected, 0 to <see cref="ScriptLimits.MaxAmount"/>.</param>
public sealed record ExpectNowStep(int Line, ProcessId Process, long Tokens) : ScriptStep(Line);

/// <summary><c>expect s1 deadlock A B</c> or <c>expect s1 no deadlock</c>: a property of a global state.</summary>
/// <param name="Line">Its line in the script, from 1.</param>
/// <param name="Snapshot">A snapshot that has begun.</param>
/// <param name="Found">Exactly the processes that it names, in any order; empty for <c>no</c>.</param>
public sealed record ExpectFoundStep(int Line, SnapshotId Snapshot, ImmutableArray<ProcessId> Found) : ScriptStep(Line);
