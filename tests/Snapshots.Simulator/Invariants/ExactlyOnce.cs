using System.Globalization;

namespace Snapshots.Simulator;

/// <summary>
/// <c>exactlyOnce</c>: each message is sent once and delivered once, however often it was asked for and repeated; a
/// request has one answer; what was accepted was sent, and what was refused was not.
/// </summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
public sealed class ExactlyOnce<TState, TMessage> : IInvariant<TState, TMessage>
{
    /// <inheritdoc/>
    public string Name => "exactlyOnce";

    /// <inheritdoc/>
    public string? FindBreach(Trace<TState, TMessage> trace)
    {
        ArgumentNullException.ThrowIfNull(trace);
        var (sent, delivered) = (new HashSet<long>(), new HashSet<long>());
        foreach (var channel in trace.Index.Channels)
        {
            foreach (var (_, message) in channel.Sent)
            {
                if (!sent.Add(trace.Application.IdentityOf(message))) return $"{channel.Channel}: {message} was sent twice";
            }

            foreach (var (_, message) in channel.Delivered)
            {
                if (!delivered.Add(trace.Application.IdentityOf(message))) return $"{channel.Channel}: {message} was delivered twice";
            }
        }

        if (trace.IsHealed && sent.Count != delivered.Count)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{sent.Count} messages were sent and {delivered.Count} delivered");
        }

        return FindWrongAnswer(trace, sent);
    }

    private static string? FindWrongAnswer(Trace<TState, TMessage> trace, HashSet<long> sent)
    {
        var answers = new Dictionary<long, bool>();
        foreach (var each in trace.Events)
        {
            if (each is not RequestAnswered<TState, TMessage> answer) continue;
            var key = answer.Key.ToString(CultureInfo.InvariantCulture);
            if (!answers.TryAdd(answer.Key, answer.IsAccepted) && answers[answer.Key] != answer.IsAccepted)
            {
                return $"request {key} at {answer.Process} was answered in two ways";
            }

            if (answer.Identity is { } identity && sent.Contains(identity) != answer.IsAccepted)
            {
                return $"request {key} at {answer.Process} was {(answer.IsAccepted ? "accepted and not sent" : "refused and sent")}";
            }
        }

        return null;
    }
}
