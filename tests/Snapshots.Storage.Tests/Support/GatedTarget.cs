using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace Snapshots.Storage.Tests;

/// <summary>The real target behind a gate: a test holds a group before its transaction, and sees every group.</summary>
internal sealed class GatedTarget(SqliteGroupTarget inner) : IGroupTarget
{
    private readonly ManualResetEventSlim _gate = new(initialState: true);
    private readonly ConcurrentQueue<int> _groups = [];
    private volatile TaskCompletionSource _held = new();

    /// <summary>Sizes of the groups that came to their transaction, failed ones included.</summary>
    public IReadOnlyList<int> Groups => [.. _groups];

    /// <summary>Runs on the writer's thread before the transaction.</summary>
    public Action<SqliteConnection?>? Before { get; set; }

    /// <summary>Runs on the writer's thread once the transaction is committed.</summary>
    public Action? After { get; set; }

    /// <summary>Holds the next group; the task ends when one is held.</summary>
    public Task HoldNext()
    {
        _held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _gate.Reset();
        return _held.Task;
    }

    public void Release() => _gate.Set();

    public void Commit(IReadOnlyList<WriteRequest> group)
    {
        if (!_gate.IsSet)
            _held.TrySetResult();
        _gate.Wait();
        _groups.Enqueue(group.Count);
        Before?.Invoke(inner.Connection);
        inner.Commit(group);
        After?.Invoke();
    }

    public void Dispose()
    {
        inner.Dispose();
        _gate.Dispose();
    }
}
