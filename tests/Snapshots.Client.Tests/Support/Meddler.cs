using System.Collections.Concurrent;
using Snapshots.Grains;
using Snapshots.Protocol;

namespace Snapshots.Client.Tests;

/// <summary>
/// Meddles with the calls to accounts, by their names: <c>deaf…</c> never records when it is asked to, <c>slow…</c>
/// answers nothing, <c>full…</c> cannot persist.
/// </summary>
public sealed class Meddler : IIncomingGrainCallFilter, IDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _calls = new();

    /// <summary>
    /// Completes when that method of a grain with that key has been called, in the past or from now on.
    /// </summary>
    public Task CalledAsync(string key, string method) => Call($"{key}.{method}").Task;

    public async Task Invoke(IIncomingGrainCallContext context)
    {
        var key = context.TargetId.Key.ToString() ?? string.Empty;
        Call($"{key}.{context.MethodName}").TrySetResult();
        if (key.StartsWith("deaf", StringComparison.Ordinal)
            && context.MethodName == nameof(ISnapshotProcess.RecordAsync))
            return;
        if (key.StartsWith("slow", StringComparison.Ordinal)) await Task.Delay(Timeout.Infinite, _end.Token);
        if (key.StartsWith("full", StringComparison.Ordinal))
            throw new NotPersistedException(new ProcessId(key), "disk full\n   at Somewhere()");
        await context.Invoke();
    }

    /// <summary>Lets slow calls go.</summary>
    public void End() => _end.Cancel();

    public void Dispose() => _end.Dispose();

    private TaskCompletionSource Call(string name) =>
        _calls.GetOrAdd(name, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
