using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>A process took a frame from the network; whether it delivered it, other events say.</summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
/// <param name="Frame">The frame.</param>
public sealed record FrameTaken<TState, TMessage>(Frame<TMessage> Frame) : TraceEvent<TState, TMessage>(Frame.Channel.Target)
{
    internal override void AddTo(ref TraceHash hash, ITracedApplication<TState, TMessage> application)
    {
        hash.Add(1L);
        Add(ref hash, Frame, application);
    }

    internal static void Add(ref TraceHash hash, Frame<TMessage> frame, ITracedApplication<TState, TMessage> application)
    {
        hash.Add(frame.Channel.Source);
        hash.Add(frame.Channel.Target);
        hash.Add(frame.Epoch.Value);
        hash.Add(frame.First.Value);
        hash.Add(frame.Last.Value);
        hash.Add(frame.Acknowledged.Value);
        switch (frame.Content)
        {
            case MessageContent<TMessage> content:
                hash.Add(content.Number.Value);
                hash.Add(application.Fingerprint(content.Message));
                break;
            case MarkerContent<TMessage> content:
                hash.Add(content.Snapshot.Value);
                hash.Add(content.SentBefore.Value);
                break;
            default:
                break;
        }
    }
}
