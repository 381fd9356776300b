using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>A process handed a frame to the network, for the first time or again.</summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
/// <param name="Frame">The frame.</param>
public sealed record FrameSent<TState, TMessage>(Frame<TMessage> Frame) : TraceEvent<TState, TMessage>(Frame.Channel.Source)
{
    internal override void AddTo(ref TraceHash hash, ITracedApplication<TState, TMessage> application) =>
        FrameTaken<TState, TMessage>.Add(ref hash, Frame, application);
}
