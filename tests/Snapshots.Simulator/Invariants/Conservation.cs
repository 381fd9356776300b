using System.Globalization;

namespace Snapshots.Simulator;

/// <summary>
/// <c>conservation</c>: over every completed snapshot, and over the end of a run that has come to rest, what the states
/// and the messages are worth adds up to what came in: to 0.
/// </summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
public sealed class Conservation<TState, TMessage> : IInvariant<TState, TMessage>
{
    /// <inheritdoc/>
    public string Name => "conservation";

    /// <inheritdoc/>
    public string? FindBreach(Trace<TState, TMessage> trace)
    {
        ArgumentNullException.ThrowIfNull(trace);
        var application = trace.Application;
        foreach (var completed in trace.Index.Completed)
        {
            var states = completed.State.Processes.Sum(process => application.WorthOf(process.State));
            var messages = completed.State.Channels.Sum(channel => channel.Messages.Sum(each => application.WorthOf(each.Message)));
            if (states + messages == 0) continue;
            return string.Create(
                CultureInfo.InvariantCulture, $"snapshot {completed.Snapshot}: states {states}, in transit {messages}, together not 0");
        }

        if (!trace.IsHealed) return null;
        var end = trace.Events.OfType<ProcessAtRest<TState, TMessage>>().Sum(rest => application.WorthOf(rest.Record.State));
        return end == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"at the end: the states add up to {end}, not 0");
    }
}
