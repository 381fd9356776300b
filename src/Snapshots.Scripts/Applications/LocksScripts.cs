namespace Snapshots.Scripts;

/// <summary>Scripts about workers and locks; see <see cref="LocksApplication"/>.</summary>
public sealed class LocksScripts : ScriptApplication<LocksState, LocksMessage>
{
    private LocksScripts()
    {
    }

    /// <summary>The only instance that is needed.</summary>
    public static LocksScripts Instance { get; } = new();

    /// <inheritdoc/>
    public override string Name => LocksApplication.Name;

    /// <inheritdoc/>
    public override IApplication<LocksState, LocksMessage> Protocol => LocksApplication.Instance;

    /// <inheritdoc/>
    public override string Property => "deadlock";

    /// <inheritdoc/>
    public override IEnumerable<ProcessId> Find(GlobalState<LocksState, LocksMessage> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return DeadlockCheck.Find(state.Processes).Blocked.Select(worker => worker.Process);
    }

    /// <inheritdoc/>
    public override string Describe(LocksState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.ToString();
    }

    /// <inheritdoc/>
    public override string Describe(LocksMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return message.Kind.ToString();
    }

    /// <inheritdoc/>
    protected override Step<LocksState, LocksMessage, string?> Decide(ProcessId self, LocksState state, string[] words)
    {
        ArgumentNullException.ThrowIfNull(words);
        ImmutableArray<ProcessId> locks = [.. words.Skip(1).Select(word => new ProcessId(word))];
        return words[0] switch
        {
            "worker" => new(null, new(WorkerState.Idle)),
            "lock" => new(null, new(LockState.Free)),
            "acquire" => LocksApplication.Acquire(self, state, locks, any: false),
            "acquire-any" => LocksApplication.Acquire(self, state, locks, any: true),
            "release" => LocksApplication.Release(self, state, locks[0]),
            _ => throw Unknown(words),
        };
    }
}
