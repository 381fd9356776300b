using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>A process sent a report to the collector, for the first time or again.</summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
/// <param name="Report">The report.</param>
public sealed record ReportSent<TState, TMessage>(Report Report) : TraceEvent<TState, TMessage>(Report.Process)
{
    internal override void AddTo(ref TraceHash hash, ITracedApplication<TState, TMessage> application)
    {
        base.AddTo(ref hash, application);
        hash.Add(Report.Snapshot.Value);
        if (Report is ChannelReport<TMessage> channel)
        {
            hash.Add(channel.Source);
            foreach (var message in channel.Messages) hash.Add(application.Fingerprint(message));
        }
    }
}
