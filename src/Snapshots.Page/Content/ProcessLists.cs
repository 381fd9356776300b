using System.Collections.Concurrent;
using System.Diagnostics;

namespace Snapshots.Page;

/// <summary>The processes that the directory knows, read again when the last list is some seconds old.</summary>
internal sealed class ProcessLists
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    private readonly Permits _reads = new(count: 1, "too many lists of processes are being read: try again");
    private readonly ConcurrentDictionary<string, (long ReadAt, IReadOnlyList<ProcessId> Processes)> _lists = [];

    /// <summary>Returns the ids in ordinal order.</summary>
    public async Task<IReadOnlyList<ProcessId>> ListAsync(ApiCall call, SnapshotClient snapshots)
    {
        if (Find(snapshots.Application) is { } known) return known;
        using var permit = await _reads.EnterAsync(call.Aborted);
        if (Find(snapshots.Application) is { } meanwhile) return meanwhile;
        var processes = await call.WaitAsync(snapshots.ListProcessesAsync());
        _lists[snapshots.Application] = (Stopwatch.GetTimestamp(), processes);
        return processes;
    }

    private IReadOnlyList<ProcessId>? Find(string application) =>
        _lists.TryGetValue(application, out var list) && Stopwatch.GetElapsedTime(list.ReadAt) < Fresh
            ? list.Processes
            : null;
}
