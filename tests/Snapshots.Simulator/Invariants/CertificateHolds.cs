using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>
/// <c>certificate</c>: a snapshot that was called complete verifies, then and whenever it is read again from what is
/// stored; and no snapshot is aborted because its certificate does not hold.
/// </summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
public sealed class CertificateHolds<TState, TMessage> : IInvariant<TState, TMessage>
{
    /// <inheritdoc/>
    public string Name => "certificate";

    /// <inheritdoc/>
    public string? FindBreach(Trace<TState, TMessage> trace)
    {
        ArgumentNullException.ThrowIfNull(trace);
        var completed = new Dictionary<SnapshotNumber, GlobalState<TState, TMessage>>();
        foreach (var each in trace.Events)
        {
            var breach = each switch
            {
                SnapshotCompleted<TState, TMessage> end => FindBreach(end.State) ?? (completed.TryAdd(end.Snapshot, end.State) ? null : "completed twice"),
                SnapshotReadAgain<TState, TMessage> { State: null } => "it could not be read again",
                SnapshotReadAgain<TState, TMessage> again => FindBreach(again.State) ?? FindDifference(completed.GetValueOrDefault(again.Snapshot), again.State),
                SnapshotAborted<TState, TMessage> { IsExpected: false } abort => abort.Reason,
                _ => null,
            };
            if (breach is not null) return $"snapshot {((SnapshotEvent<TState, TMessage>)each).Snapshot}: {breach}";
        }

        return null;
    }

    private static string? FindBreach(GlobalState<TState, TMessage> state)
    {
        var violations = Certificate.Check(state);
        return violations.IsEmpty ? null : violations[0].ToString();
    }

    private static string? FindDifference(GlobalState<TState, TMessage>? first, GlobalState<TState, TMessage> again)
    {
        if (first is null) return "it was never completed";
        var isSame = first.Processes.AsSpan().SequenceEqual(again.Processes.AsSpan())
            && first.Channels.Length == again.Channels.Length
            && first.Channels.Zip(again.Channels).All(pair => pair.First.Channel == pair.Second.Channel
                && pair.First.Sent == pair.Second.Sent
                && pair.First.Delivered == pair.Second.Delivered
                && pair.First.Messages.AsSpan().SequenceEqual(pair.Second.Messages.AsSpan()));
        return isSame ? null : "read again, it is another global state";
    }
}
