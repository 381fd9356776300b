using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>A process handed an acknowledgement to the network.</summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
/// <param name="Acknowledgement">The acknowledgement.</param>
public sealed record AcknowledgementSent<TState, TMessage>(Acknowledgement Acknowledgement)
    : TraceEvent<TState, TMessage>(Acknowledgement.Channel.Target)
{
    internal override void AddTo(ref TraceHash hash, ITracedApplication<TState, TMessage> application)
    {
        base.AddTo(ref hash, application);
        hash.Add(Acknowledgement.Channel.Source);
        hash.Add(Acknowledgement.UpTo.Value);
        hash.Add(Acknowledgement.Digest.Value);
    }
}
