using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.InteropServices;
using Orleans.Concurrency;
using Orleans.Streams;
using Orleans.Streams.Core;
using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>
/// The grain that hosts one process. An application derives from it, marks the class with
/// <see cref="SnapshotProcessAttribute"/>, hands in its <see cref="IApplication{TState, TMessage}"/>, and turns each of
/// its grain methods into one call of <c>StepAsync</c>, <c>StepAllAsync</c> or <see cref="ReadAsync{TResult}"/>.
/// </summary>
/// <remarks>
/// <para>
/// It is an adapter: calls and stream events become inputs of a <see cref="Participant{TState, TMessage}"/>, which
/// decides what is written and what is sent after that. No reply, frame, acknowledgement or report shows a step that is
/// not yet durable.
/// </para>
/// <para>
/// The grain is reentrant, since every step is synchronous, and never awaits a collector, a stream or another process:
/// effects are handed to couriers that work outside its turns.
/// </para>
/// </remarks>
/// <typeparam name="TState">The application's state; immutable, serializable by Orleans.</typeparam>
/// <typeparam name="TMessage">What the application sends; immutable, serializable by Orleans.</typeparam>
[Reentrant]
public abstract partial class ProcessGrain<TState, TMessage> : Grain, ISnapshotProcess, IStreamSubscriptionObserver, IAsyncBatchObserver<Packet>
    where TState : notnull
    where TMessage : notnull
{
    private readonly IApplication<TState, TMessage> _application;
    private readonly PacketCodec<TMessage> _packets;
    private readonly ParticipantHost<TState, TMessage> _host;

    /// <summary>Called by the derived grain's constructor.</summary>
    /// <exception cref="InvalidOperationException">
    /// The class lacks its <see cref="SnapshotProcessAttribute"/>.
    /// </exception>
    protected ProcessGrain(ProcessServices services, IApplication<TState, TMessage> application)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(application);
        _application = application;
        var name = GetType().GetCustomAttribute<SnapshotProcessAttribute>()?.Application
            ?? throw new InvalidOperationException($"{GetType()} must carry [{nameof(SnapshotProcessAttribute)}]");
        Self = Identifier.IsValid(this.GetPrimaryKeyString()) ? new ProcessId(this.GetPrimaryKeyString()) : default;
        _host = new(services, this, Self, name);
        _packets = new(_host.Messages);
    }

    /// <summary>
    /// The process that this grain hosts; <c>default</c> if the grain's key is no <see cref="Identifier"/>: each call
    /// then fails.
    /// </summary>
    protected ProcessId Self { get; }

    /// <summary>
    /// Which channels come into being when two processes meet; both directions, unless the application says otherwise.
    /// </summary>
    protected virtual ChannelOpening Opening => ChannelOpening.Pair;

    /// <summary>
    /// The epoch of the process: the history since the last restore. A decision of a step may put it into its result, so
    /// that clients drop what a restore has discarded.
    /// </summary>
    protected Epoch Epoch => Participant.Epoch;

    private Participant<TState, TMessage> Participant => _host.Participant;

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await base.OnActivateAsync(cancellationToken);
        if (Self != default) await _host.StartAsync(_application, Opening);
        else
        {
            _host.Refuse(new ArgumentException(
                $"'{this.GetPrimaryKeyString()}' cannot be a process: the key of its grain is 1 to {Identifier.MaxLength} of letters, digits, . _ - :"));
        }
    }

    /// <inheritdoc/>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _host.StopAsync(reason.ReasonCode == DeactivationReasonCode.ShuttingDown, cancellationToken);
        await base.OnDeactivateAsync(reason, cancellationToken);
    }

    /// <summary>
    /// One step of the application: <paramref name="decide"/> sees the state and decides, purely, on the answer and the
    /// reaction. The answer is given once the step, and every step that it rests on, is durable.
    /// </summary>
    /// <exception cref="ChannelFullException">A channel stayed full; nothing was done.</exception>
    /// <exception cref="NotPersistedException">The step was not stored, or that is not known.</exception>
    /// <exception cref="DamagedStateException">What is stored of the process is damaged.</exception>
    protected Task<TResult> StepAsync<TResult>(Func<TState, Step<TState, TMessage, TResult>> decide)
    {
        ArgumentNullException.ThrowIfNull(decide);
        if (!_host.IsReady) return JoinAndStepAsync(decide);
        var (made, blocked) = TryStep(decide, isWaiting: false);
        return made ?? _host.Waiting.WaitAsync(() => TryStep(decide, isWaiting: true), blocked!);
    }

    /// <summary>
    /// One step of the application for a request under a key. A new request is decided, and its result is remembered in
    /// the same step, also when <see cref="Step{TState, TMessage, TResult}.Reaction"/> is null. A repeat is answered
    /// with that result and decides nothing; see <see cref="RequestMemory"/> for how long. The answer is given once the
    /// step, and every step that it rests on, is durable. If <paramref name="decide"/> throws, nothing is remembered.
    /// </summary>
    /// <param name="key">The key that the client gave the request.</param>
    /// <param name="fingerprint">
    /// 64 bits that tell this request from others under the same key: a hash of all that <paramref name="decide"/>
    /// rests on besides the state. It is stored, so the same request always has the same one.
    /// </param>
    /// <param name="decide">
    /// Decides, purely, on the result and the reaction; also more than once, if it has to wait.
    /// </param>
    /// <exception cref="ArgumentException">
    /// The key is <c>default</c>, or the result takes more than <see cref="RequestLimits.MaxOutcomeBytes"/>.
    /// </exception>
    /// <exception cref="ChannelFullException">A channel stayed full; nothing was done.</exception>
    /// <exception cref="NotPersistedException">The step was not stored, or that is not known.</exception>
    /// <exception cref="DamagedStateException">What is stored of the process is damaged.</exception>
    protected Task<KeyedAnswer<TResult>> StepAsync<TResult>(
        RequestKey key, ulong fingerprint, Func<TState, Step<TState, TMessage, TResult>> decide)
    {
        ArgumentNullException.ThrowIfNull(decide);
        RequestKey.Require(key, nameof(key));
        if (!_host.IsReady) return JoinAndStepAsync(key, fingerprint, decide);
        var (made, blocked) = TryStep(key, fingerprint, decide, isWaiting: false);
        return made
            ?? _host.Waiting.WaitAsync(() => TryStep(key, fingerprint, decide, isWaiting: true), blocked!);
    }

    /// <summary>
    /// As many steps as there are items, each decided on the state that the one before it has left, and made durable
    /// together. Returns their results in the order of the items. A step that would have to wait for room in a channel
    /// is not made, since all others would wait with it: it has no result, and <c>StepAsync</c> is for it.
    /// </summary>
    /// <exception cref="NotPersistedException">Some of the steps were not stored, or that is not known.</exception>
    /// <exception cref="DamagedStateException">What is stored of the process is damaged.</exception>
    protected Task<ImmutableArray<TResult?>> StepAllAsync<TItem, TResult>(
        ImmutableArray<TItem> items, Func<TState, TItem, Step<TState, TMessage, TResult>> decide)
        where TResult : class
    {
        ArgumentNullException.ThrowIfNull(decide);
        if (!_host.IsReady) return JoinAndStepAllAsync(items, decide);
        var results = new TResult?[items.Length];
        try
        {
            for (var index = 0; index < items.Length; index++)
            {
                var step = decide(Participant.State, items[index]);
                if (!HasRoom(step.Reaction)) continue;
                Apply(step.Reaction);
                results[index] = step.Result;
            }
        }
        catch
        {
            _host.Poke(); // The caller is not told of the steps before, but they are made.
            throw;
        }

        return _host.DurableAsync(ImmutableCollectionsMarshal.AsImmutableArray(results));
    }

    /// <summary>
    /// As <see cref="StepAllAsync{TItem, TResult}(ImmutableArray{TItem}, Func{TState, TItem, Step{TState, TMessage,
    /// TResult}})"/>, each item a request under a key. An item that would have to wait has no answer and is not
    /// remembered.
    /// </summary>
    /// <param name="items">The requests.</param>
    /// <param name="identify">The key and the fingerprint of a request.</param>
    /// <param name="decide">Decides on a new request.</param>
    /// <exception cref="ArgumentException">
    /// A key is <c>default</c>, or a result takes too many bytes. Steps before it may have been made.
    /// </exception>
    /// <exception cref="NotPersistedException">Some of the steps were not stored, or that is not known.</exception>
    /// <exception cref="DamagedStateException">What is stored of the process is damaged.</exception>
    protected Task<ImmutableArray<KeyedAnswer<TResult>?>> StepAllAsync<TItem, TResult>(
        ImmutableArray<TItem> items,
        Func<TItem, (RequestKey Key, ulong Fingerprint)> identify,
        Func<TState, TItem, Step<TState, TMessage, TResult>> decide)
    {
        ArgumentNullException.ThrowIfNull(identify);
        ArgumentNullException.ThrowIfNull(decide);
        if (!_host.IsReady) return JoinAndStepAllAsync(items, identify, decide);
        var answers = new KeyedAnswer<TResult>?[items.Length];
        try
        {
            for (var index = 0; index < items.Length; index++)
            {
                var item = items[index];
                var (key, fingerprint) = identify(item);
                if (TryAnswer(key, fingerprint, state => decide(state, item), isWaiting: false, out var answer) is null)
                {
                    answers[index] = answer;
                }
            }
        }
        catch
        {
            _host.Poke(); // The caller is not told of the steps before, but they are made.
            throw;
        }

        return _host.DurableAsync(ImmutableCollectionsMarshal.AsImmutableArray(answers));
    }

    /// <summary>
    /// Whether a message may be sent to a process. One that no process of that id takes yet would bring it into being, for
    /// ever: <see cref="SnapshotsOptions.MaxProcessesByMessage"/> bounds how many. To be asked before the step that
    /// sends. A process to which a channel is open costs no call.
    /// </summary>
    /// <exception cref="RestoringException">A restore is under way.</exception>
    protected ValueTask<bool> IsReachableAsync(ProcessId target) =>
        Participant.HasChannelTo(target) ? new(true) : new(_host.IsReachableAsync(target));

    /// <summary>
    /// Whether nothing is stored of the process, and it has not registered: the first step would bring it into being.
    /// </summary>
    protected bool IsNew => !Participant.HasJoined && !Participant.IsStored;

    /// <summary>
    /// Opens the outgoing channel to a process without sending anything; completes once that is durable.
    /// </summary>
    /// <exception cref="NotPersistedException">The step was not stored, or that is not known.</exception>
    protected async Task OpenChannelAsync(ProcessId target)
    {
        await _host.JoinAsync();
        _host.RequireSound();
        Participant.OpenChannel(target, _host.Now);
        await _host.DurableAsync(true);
    }

    /// <summary>Reads the state as it is stored, with its epoch.</summary>
    /// <exception cref="RestoringException">A restore is under way.</exception>
    /// <exception cref="DamagedStateException">What is stored of the process is damaged.</exception>
    protected Task<TResult> ReadAsync<TResult>(Func<TState, Epoch, TResult> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        return _host.ReadAsync(read);
    }

    /// <summary>
    /// What is remembered of the request under a key, whatever it was, with the state as it is then. It executes
    /// nothing. The answer is given once all that it rests on is durable.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="read">
    /// Reads the answer. It is given the standing, which is <see cref="KeyStanding.Duplicate"/> if the request was
    /// executed; its result then, else <c>default</c>; and the state.
    /// </param>
    /// <exception cref="ArgumentException">The key is <c>default</c>.</exception>
    /// <exception cref="RestoringException">A restore is under way.</exception>
    /// <exception cref="DamagedStateException">What is stored of the process is damaged.</exception>
    protected async Task<TAnswer> FindAsync<TResult, TAnswer>(
        RequestKey key, Func<KeyStanding, TResult?, TState, TAnswer> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        RequestKey.Require(key, nameof(key));
        await ReadAsync(static (_, _) => true);
        var standing = Participant.Find(key, _host.WallMs, out var outcome);
        var result = standing == KeyStanding.Duplicate ? _host.Services.Outcomes<TResult>().Read(outcome) : default;
        return await _host.DurableAsync(read(standing, result, Participant.State));
    }

    /// <summary>
    /// The messages to a process that it has not acknowledged. Until then one may be in transit; after that it was
    /// delivered. To be called within a step or a read.
    /// </summary>
    protected IEnumerable<TMessage> UnacknowledgedTo(ProcessId target) => Participant.UnacknowledgedTo(target);

    private async Task<TResult> JoinAndStepAsync<TResult>(Func<TState, Step<TState, TMessage, TResult>> decide)
    {
        await _host.JoinAsync();
        _host.RequireSound();
        return await StepAsync(decide);
    }

    private async Task<ImmutableArray<TResult?>> JoinAndStepAllAsync<TItem, TResult>(
        ImmutableArray<TItem> items, Func<TState, TItem, Step<TState, TMessage, TResult>> decide)
        where TResult : class
    {
        await _host.JoinAsync();
        _host.RequireSound();
        return await StepAllAsync(items, decide);
    }

    private async Task<KeyedAnswer<TResult>> JoinAndStepAsync<TResult>(
        RequestKey key, ulong fingerprint, Func<TState, Step<TState, TMessage, TResult>> decide)
    {
        await _host.JoinAsync();
        _host.RequireSound();
        return await StepAsync(key, fingerprint, decide);
    }

    private async Task<ImmutableArray<KeyedAnswer<TResult>?>> JoinAndStepAllAsync<TItem, TResult>(
        ImmutableArray<TItem> items,
        Func<TItem, (RequestKey Key, ulong Fingerprint)> identify,
        Func<TState, TItem, Step<TState, TMessage, TResult>> decide)
    {
        await _host.JoinAsync();
        _host.RequireSound();
        return await StepAllAsync(items, identify, decide);
    }

    private (Task<KeyedAnswer<TResult>>? Made, Reaction<TState, TMessage>? Blocked) TryStep<TResult>(
        RequestKey key, ulong fingerprint, Func<TState, Step<TState, TMessage, TResult>> decide, bool isWaiting)
    {
        var blocked = TryAnswer(key, fingerprint, decide, isWaiting, out var answer);
        return blocked is null ? (_host.DurableAsync(answer), null) : (null, blocked);
    }

    /// <summary>
    /// Answers a request under a key in memory, or returns the reaction that has no room. What the memory says is asked
    /// again at each try: another request under the key may have been made meanwhile, and time has passed.
    /// </summary>
    private Reaction<TState, TMessage>? TryAnswer<TResult>(
        RequestKey key,
        ulong fingerprint,
        Func<TState, Step<TState, TMessage, TResult>> decide,
        bool isWaiting,
        out KeyedAnswer<TResult> answer)
    {
        var (wallMs, outcomes) = (_host.WallMs, _host.Services.Outcomes<TResult>());
        var standing = Participant.Find(key, fingerprint, wallMs, out var outcome);
        answer = new(standing, standing == KeyStanding.Duplicate ? outcomes.Read(outcome) : default) { Epoch = Epoch };
        if (standing == KeyStanding.Duplicate) Participant.Fence(_host.Now);
        if (standing != KeyStanding.New) return null;

        var step = decide(Participant.State);
        if (!(isWaiting ? Participant.HasRoom(step.Reaction) : HasRoom(step.Reaction))) return step.Reaction;
        Participant.Apply(
            step.Reaction, new KeyedRequest(key, fingerprint, outcomes.Write(step.Result), wallMs), _host.Now);
        if (step.Reaction is not null) _host.Observation?.Observer.Stepped(step.Reaction);
        answer = new(KeyStanding.New, step.Result) { Epoch = Epoch };
        return null;
    }

    private (Task<TResult>? Made, Reaction<TState, TMessage>? Blocked) TryStep<TResult>(
        Func<TState, Step<TState, TMessage, TResult>> decide, bool isWaiting)
    {
        var step = decide(Participant.State);
        if (isWaiting ? !Participant.HasRoom(step.Reaction) : !HasRoom(step.Reaction)) return (null, step.Reaction);
        Apply(step.Reaction);
        return (_host.DurableAsync(step.Result), null);
    }

    private bool HasRoom(Reaction<TState, TMessage>? reaction) => Participant.HasRoom(reaction) && !_host.Waiting.Blocks(reaction);

    private void Apply(Reaction<TState, TMessage>? reaction)
    {
        if (reaction is null) return;
        Participant.Apply(reaction, _host.Now);
        _host.Observation?.Observer.Stepped(reaction);
    }
}
