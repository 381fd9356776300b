using System.Globalization;
using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>
/// <c>storedFirst</c>: index, collectors and parts show nothing that is not stored. A number is stored before it is
/// used, and means one snapshot; a report is stored before its receipt is given and before it counts; an end is stored
/// before it is told.
/// </summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
public sealed class StoredFirst<TState, TMessage> : IInvariant<TState, TMessage>
{
    /// <inheritdoc/>
    public string Name => "storedFirst";

    /// <inheritdoc/>
    public bool IsOfWholeRun => true;

    /// <inheritdoc/>
    public string? FindBreach(Trace<TState, TMessage> trace)
    {
        ArgumentNullException.ThrowIfNull(trace);
        var numbered = new Dictionary<SnapshotNumber, SnapshotId>();
        var ended = new HashSet<SnapshotNumber>();
        foreach (var each in trace.Events.OfType<SnapshotEvent<TState, TMessage>>())
        {
            if (each is SnapshotCompleted<TState, TMessage> or SnapshotAborted<TState, TMessage>) ended.Add(each.Snapshot);
            var breach = each switch
            {
                SnapshotBegun<TState, TMessage> begun => numbered.TryAdd(begun.Snapshot, begun.Id) ? null : "its number was given out twice",
                NumberUsed<TState, TMessage> used => FindBreach(used, numbered),
                EndTold<TState, TMessage> when !ended.Contains(each.Snapshot) => "its end was told before it was stored",
                ReportConfirmed<TState, TMessage> { IsStored: false } confirmed =>
                    $"{confirmed.Report.Process} was given a receipt before its report was stored",
                PartCounted<TState, TMessage> counted when counted.Counted > counted.Stored => string.Create(
                    CultureInfo.InvariantCulture, $"{counted.Counted} local states counted when {counted.Stored} were stored"),
                _ => null,
            };
            if (breach is not null) return $"snapshot {each.Snapshot}: {breach}";
        }

        return null;
    }

    private static string? FindBreach(NumberUsed<TState, TMessage> used, Dictionary<SnapshotNumber, SnapshotId> numbered)
    {
        if (!numbered.TryGetValue(used.Snapshot, out var id)) return "its number was used before it was stored";
        return id == used.Id ? null : $"its number means {id} and {used.Id}";
    }
}

/// <summary><c>leavesNothing</c>: nothing is left of a snapshot that was deleted, and it does not come back.</summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
public sealed class LeavesNothing<TState, TMessage> : IInvariant<TState, TMessage>
{
    /// <inheritdoc/>
    public string Name => "leavesNothing";

    /// <inheritdoc/>
    public bool IsOfWholeRun => true;

    /// <inheritdoc/>
    public string? FindBreach(Trace<TState, TMessage> trace)
    {
        ArgumentNullException.ThrowIfNull(trace);
        var left = trace.Events.OfType<SnapshotDeleted<TState, TMessage>>().FirstOrDefault(deleted => deleted.Rows > 0);
        return left is null ? null : string.Create(CultureInfo.InvariantCulture, $"{left.Rows} rows of snapshot {left.Snapshot} are left");
    }
}
