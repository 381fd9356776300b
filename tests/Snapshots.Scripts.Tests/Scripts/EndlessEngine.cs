using Snapshots.Protocol;

namespace Snapshots.Scripts.Tests;

/// <summary>An engine whose channels are never empty, and which does nothing else.</summary>
internal sealed class EndlessEngine : IScriptEngine
{
    public string Name => "endless";

    public ValueTask OpenProcessAsync(ProcessId process, long tokens, CancellationToken cancellationToken) => default;

    public ValueTask OpenChannelAsync(ChannelId channel, CancellationToken cancellationToken) => default;

    public ValueTask<bool> SendAsync(ChannelId channel, long amount, CancellationToken cancellationToken) => new(true);

    public ValueTask SnapshotAsync(
        SnapshotId snapshot, SnapshotNumber number, ProcessId process, CancellationToken cancellationToken) => default;

    public ValueTask<bool> DeliverAsync(ChannelId channel, CancellationToken cancellationToken) => new(true);

    public ValueTask<long> ReadTokensAsync(ProcessId process, CancellationToken cancellationToken) => new(0L);

    public ValueTask<SnapshotReading> ReadSnapshotAsync(
        SnapshotId snapshot, SnapshotNumber number, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("nothing is recorded here");
}
