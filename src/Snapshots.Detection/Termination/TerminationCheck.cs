namespace Snapshots.Detection;

/// <summary>
/// Whether a computation has ended: every process is passive, and no message in transit carries work. It is stable if a
/// passive process becomes active by such a message only (Mattern 1987).
/// </summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
/// <param name="name">The name of the check.</param>
/// <param name="isPassive">Whether a process in that state waits for work. Pure.</param>
/// <param name="isWork">Whether a message makes its receiver active. Pure.</param>
public sealed class TerminationCheck<TState, TMessage>(
    string name, Func<TState, bool> isPassive, Func<TMessage, bool> isWork) : ISnapshotCheck<TState, TMessage>
{
    /// <summary>How many of the processes and channels that still work are shown.</summary>
    public const int MaxWitnesses = 100;

    /// <inheritdoc/>
    public string Name { get; } = Identifier.Validate(name, nameof(name));

    /// <inheritdoc/>
    public CheckClass Class => CheckClass.Stable;

    /// <inheritdoc/>
    public bool IsAlarm => false;

    /// <inheritdoc/>
    public ICheckRun<TState, TMessage> Begin() => new Run(isPassive, isWork);

    private sealed class Run(Func<TState, bool> isPassive, Func<TMessage, bool> isWork) : ICheckRun<TState, TMessage>
    {
        private readonly SortedSet<ProcessId> _active = [];
        private readonly SortedSet<ChannelId> _busy = [];

        public void Add(ProcessState<TState> process)
        {
            if (!isPassive(process.State)) _active.Add(process.Id);
        }

        public void Add(ChannelState<TMessage> channel)
        {
            if (channel.Messages.Any(message => isWork(message.Message))) _busy.Add(channel.Channel);
        }

        public CheckAnswer Conclude()
        {
            var working = _active.Select(process => process.Value)
                .Concat(_busy.Select(channel => channel.ToString()));
            return new(_active.Count + _busy.Count == 0, [.. working.Take(MaxWitnesses)]);
        }
    }
}
