using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>
/// The steps of one process that wait for room in a channel: first come, first served for each target. A step that
/// comes while others wait for its target waits behind them, since it would take the room that they wait for. Used from
/// one grain's scheduler only.
/// </summary>
internal sealed class WaitingSteps<TState, TMessage>(SnapshotsOptions options, TimeProvider time, ProcessId self)
{
    private readonly LinkedList<IWaitingStep> _steps = [];
    private readonly Dictionary<ProcessId, int> _targets = [];

    /// <summary>Whether a step waits for a process that the reaction sends to.</summary>
    public bool Blocks(Reaction<TState, TMessage>? reaction)
    {
        if (_steps.Count == 0 || reaction is null) return false;
        foreach (var outgoing in reaction.Messages)
        {
            if (_targets.ContainsKey(outgoing.Target)) return true;
        }

        return false;
    }

    /// <summary>Waits until the step is made.</summary>
    /// <param name="tryMake">
    /// Decides the step and makes it if it has room: then its task, which completes when the step is durable. Otherwise
    /// the reaction that has no room.
    /// </param>
    /// <param name="blocked">The reaction that has no room now.</param>
    /// <exception cref="ChannelFullException">
    /// Too many wait, or it has waited for too long; nothing was done.
    /// </exception>
    public async Task<TResult> WaitAsync<TResult>(
        Func<(Task<TResult>? Made, Reaction<TState, TMessage>? Blocked)> tryMake, Reaction<TState, TMessage> blocked)
    {
        if (options.MaxWaitForRoom <= TimeSpan.Zero || _steps.Count >= options.MaxWaitersForRoom) throw new ChannelFullException(self);
        var step = new WaitingStep<TResult>(tryMake, blocked);
        var place = _steps.AddLast(step);
        Count(step, 1);
        try
        {
            return await (await step.Made.WaitAsync(options.MaxWaitForRoom, time));
        }
        catch (TimeoutException) when (!step.Made.IsCompleted)
        {
            throw new ChannelFullException(self);
        }
        finally
        {
            if (place.List is not null) Remove(place);
        }
    }

    /// <summary>
    /// Room may have come: lets each try in its turn, but none past an earlier one with the same target.
    /// </summary>
    public void Retry()
    {
        if (_steps.Count == 0) return;
        var kept = new HashSet<ProcessId>();
        for (var place = _steps.First; place is not null;)
        {
            var (step, next) = (place.Value, place.Next);
            if (!step.Targets.Any(kept.Contains))
            {
                Count(step, -1);
                var isMade = step.TryMake();
                Count(step, 1);
                if (isMade) Remove(place);
            }

            if (place.List is not null) kept.UnionWith(step.Targets);
            place = next;
        }
    }

    /// <summary>The activation is over: none will be made.</summary>
    public void Fail(Exception failure)
    {
        while (_steps.First is { } place)
        {
            place.Value.Fail(failure);
            Remove(place);
        }
    }

    private void Remove(LinkedListNode<IWaitingStep> place)
    {
        Count(place.Value, -1);
        _steps.Remove(place);
    }

    private void Count(IWaitingStep step, int change)
    {
        foreach (var target in step.Targets)
        {
            var count = _targets.GetValueOrDefault(target) + change;
            if (count == 0) _targets.Remove(target);
            else _targets[target] = count;
        }
    }

    private interface IWaitingStep
    {
        IReadOnlyCollection<ProcessId> Targets { get; }

        bool TryMake();

        void Fail(Exception failure);
    }

    private sealed class WaitingStep<TResult>(
        Func<(Task<TResult>? Made, Reaction<TState, TMessage>? Blocked)> tryMake, Reaction<TState, TMessage> blocked) : IWaitingStep
    {
        private readonly TaskCompletionSource<Task<TResult>> _made = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<Task<TResult>> Made => _made.Task;

        public IReadOnlyCollection<ProcessId> Targets { get; private set; } = TargetsOf(blocked);

        public bool TryMake()
        {
            try
            {
                var (made, reaction) = tryMake();
                if (made is null)
                {
                    Targets = TargetsOf(reaction!); // Others have stepped meanwhile, so it may decide otherwise.
                    return false;
                }

                _made.TrySetResult(made);
            }
            catch (Exception exception)
            {
                _made.TrySetException(exception); // The application's decision has failed: its caller is told.
            }

            return true;
        }

        public void Fail(Exception failure) => _made.TrySetException(failure);

        private static HashSet<ProcessId> TargetsOf(Reaction<TState, TMessage> reaction) =>
            [.. reaction.Messages.Select(outgoing => outgoing.Target)];
    }
}
