using System.Collections.Immutable;

namespace Snapshots.Protocol;

/// <summary>What asking needs to know of a part.</summary>
internal interface IAwaitingReports
{
    /// <summary>The processes that are waited for.</summary>
    IEnumerable<ProcessId> Awaited { get; }

    /// <summary>Whether local states are missing.</summary>
    bool MissesLocalStates { get; }

    /// <summary>Whether that process is waited for.</summary>
    bool IsAwaited(ProcessId process);
}

/// <summary>
/// Asks the processes that a part waits for: in rounds, some at a time, as <see cref="AskSchedule"/> says.
/// </summary>
internal sealed class AskRounds(IAwaitingReports part, CollectionPace pace, Instant now)
{
    private readonly AskSchedule _schedule = new(pace, now);
    private readonly Queue<ProcessId> _left = new();
    private bool _isRound;
    private bool _isAsking;
    private ProcessId? _first;

    /// <summary>When the next round is due; none during a round and while nothing is awaited.</summary>
    public Instant? DueAt => _isRound || !part.Awaited.Any() ? null : _schedule.DueAt(part.MissesLocalStates);

    /// <summary>Asks one first of all, or another one if a report of it is not awaited.</summary>
    public void AskFirst(ProcessId process) => _first = process;

    /// <summary>
    /// Those to be asked now; none for now if null. A process that has reported meanwhile is left out.
    /// </summary>
    public ImmutableArray<ProcessId>? Next(Instant now)
    {
        if (_first is { } first)
        {
            _first = null;
            var asked = part.IsAwaited(first) ? first : part.Awaited.FirstOrDefault();
            if (part.MissesLocalStates && asked != default) return [asked];
        }

        if (_isAsking) return null;
        if (!_isRound && now >= _schedule.DueAt(part.MissesLocalStates))
        {
            foreach (var process in part.Awaited) _left.Enqueue(process);
            _isRound = _left.Count > 0;
            _schedule.Begin(part.MissesLocalStates, now);
        }

        var group = ImmutableArray.CreateBuilder<ProcessId>();
        while (group.Count < pace.AsksAtATime && _left.TryDequeue(out var process))
        {
            if (part.IsAwaited(process)) group.Add(process);
        }

        _isAsking = group.Count > 0;
        if (_isAsking) return group.ToImmutable();
        Asked(now);
        return null;
    }

    /// <summary>Those that were asked have answered, or have been waited for long enough.</summary>
    public void Asked(Instant now)
    {
        _isAsking = false;
        if (!_isRound || _left.Count > 0) return;
        _isRound = false;
        _schedule.End(now);
    }
}
