using System.Collections.Immutable;

namespace Snapshots.Protocol;

/// <summary>
/// All local states and channel states of one cut. Whether it is consistent is for <see cref="Certificate"/> to say.
/// </summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
/// <param name="Processes">The members, in order of their ids.</param>
/// <param name="Channels">The channels among them, in order of source and target.</param>
public sealed record GlobalState<TState, TMessage>(
    ImmutableArray<ProcessState<TState>> Processes,
    ImmutableArray<ChannelState<TMessage>> Channels);
