using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <content>What the derived grain calls: steps, and looks at what is persisted.</content>
public abstract partial class ProcessGrain<TState, TMessage>
{
    /// <summary>
    /// One step of the application: <paramref name="decide"/> sees the state and decides, purely, on the answer and the reaction. The
    /// answer is given once the step, and every step that it rests on, is persisted.
    /// </summary>
    /// <exception cref="ChannelFullException">A channel stayed full; nothing was done.</exception>
    /// <exception cref="NotPersistedException">The step was not kept, or that is not known.</exception>
    protected Task<TResult> StepAsync<TResult>(Func<TState, Step<TState, TMessage, TResult>> decide)
    {
        ArgumentNullException.ThrowIfNull(decide);
        if (_failure is not null || !Core.HasJoined) return StepLaterAsync(decide);
        var step = decide(Core.State);
        if (!HasRoom(step)) return StepLaterAsync(decide);
        Apply(step);
        return PersistedAsync(step.Result);
    }

    /// <summary>
    /// As many steps as there are items, each decided on the state that the one before it has left, and persisted together. Gives their
    /// results in the order of the items. A step that would have to wait for room in a channel is not made, since all others would wait
    /// with it: it has no result, and <see cref="StepAsync{TResult}"/> is for it.
    /// </summary>
    /// <exception cref="NotPersistedException">Some of the steps were not kept, or that is not known.</exception>
    protected Task<ImmutableArray<TResult?>> StepAllAsync<TItem, TResult>(
        ImmutableArray<TItem> items, Func<TState, TItem, Step<TState, TMessage, TResult>> decide)
        where TResult : class
    {
        ArgumentNullException.ThrowIfNull(decide);
        if (_failure is not null || !Core.HasJoined) return StepAllLaterAsync(items, decide);
        var results = new TResult?[items.Length];
        try
        {
            for (var index = 0; index < items.Length; index++)
            {
                var step = decide(Core.State, items[index]);
                if (!HasRoom(step)) continue;
                Apply(step);
                results[index] = step.Result;
            }
        }
        catch
        {
            _ = PersistedAsync(); // Nobody is told of the steps before, but they are made.
            throw;
        }

        return PersistedAsync(ImmutableCollectionsMarshal.AsImmutableArray(results));
    }

    private async Task<ImmutableArray<TResult?>> StepAllLaterAsync<TItem, TResult>(
        ImmutableArray<TItem> items, Func<TState, TItem, Step<TState, TMessage, TResult>> decide)
        where TResult : class
    {
        await JoinAsync();
        return await StepAllAsync(items, decide);
    }

    /// <summary>A step that has to wait, for the directory or for room, or that fails.</summary>
    private async Task<TResult> StepLaterAsync<TResult>(Func<TState, Step<TState, TMessage, TResult>> decide)
    {
        await JoinAsync();
        RequireSound();
        var step = decide(Core.State);
        for (var since = _services.Time.GetTimestamp(); !HasRoom(step);)
        {
            await WaitForRoomAsync(_services.Options.MaxWaitForRoom - _services.Time.GetElapsedTime(since));
            RequireSound();
            step = decide(Core.State); // Others have stepped meanwhile.
        }

        Apply(step);
        return await PersistedAsync(step.Result);
    }

    private void Apply<TResult>(Step<TState, TMessage, TResult> step)
    {
        if (step.Reaction is null) return;
        Core.Apply(step.Reaction, Now);
        _observation?.Observer.Stepped(step.Reaction);
    }

    private Task<TResult> PersistedAsync<TResult>(TResult result) =>
        Core.Revision == _persistedRevision ? Task.FromResult(result) : _commit.RequestAsync(result);

    /// <summary>Opens the outgoing channel to a process without sending anything; completes once that is persisted.</summary>
    /// <exception cref="NotPersistedException">The step was not kept, or that is not known.</exception>
    protected async Task OpenChannelAsync(ProcessId target)
    {
        await JoinAsync();
        RequireSound();
        Core.OpenChannel(target, Now);
        await PersistedAsync();
    }

    /// <summary>Reads the state as it is persisted, without waiting for anything.</summary>
    protected TResult Read<TResult>(Func<TState, TResult> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        RequireSound();
        return read(_persistedState ?? throw new InvalidOperationException($"{Self} is not loaded"));
    }

    /// <summary>More messages to one process than its window holds never have room: the core refuses them.</summary>
    private bool HasRoom<TResult>(Step<TState, TMessage, TResult> step) => step.Reaction is not { } reaction || reaction.Messages.Length switch
    {
        0 => true,
        1 => Core.HasRoom(reaction.Messages[0].Target),
        _ => reaction.Messages.CountBy(message => message.Target).All(messages =>
            messages.Value > _services.Options.Limits.Window || Core.HasRoom(messages.Key, messages.Value)),
    };
}
