using System.Globalization;

namespace Snapshots.Simulator;

/// <summary>
/// <c>noOrphan</c>: no message was delivered before its receiver's cut of a completed snapshot that was not sent before
/// its sender's (Chandy and Lamport 1985, section 2.3).
/// </summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
public sealed class NoOrphan<TState, TMessage> : IInvariant<TState, TMessage>
{
    /// <inheritdoc/>
    public string Name => "noOrphan";

    /// <inheritdoc/>
    public string? FindBreach(Trace<TState, TMessage> trace)
    {
        ArgumentNullException.ThrowIfNull(trace);
        foreach (var completed in trace.Index.Completed)
        {
            var cuts = new Cuts<TState, TMessage>(trace.Index, completed);
            foreach (var channel in trace.Index.Channels)
            {
                // A process that is no member has sent nothing before its cut, and what it delivered is nobody's
                // concern.
                if (cuts.Find(channel.Channel.Target) is not { } target) continue;
                var delivered = channel.DeliveredBefore(target);
                var sent = cuts.Find(channel.Channel.Source) is { } source ? channel.SentBefore(source) : 0;
                if (delivered > sent)
                {
                    return string.Create(
                        CultureInfo.InvariantCulture,
                        $"snapshot {completed.Snapshot}, {channel.Channel}: {delivered} delivered before the cut, {sent} sent");
                }
            }
        }

        return null;
    }
}
