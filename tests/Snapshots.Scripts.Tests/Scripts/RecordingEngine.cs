using Snapshots.Protocol;

namespace Snapshots.Scripts.Tests;

/// <summary>The core engine, which writes down what it delivered.</summary>
internal sealed class RecordingEngine : IScriptEngine
{
    private readonly CoreScriptEngine _core = new();

    public List<string> Delivered { get; } = [];

    public string Name => _core.Name;

    public ValueTask OpenProcessAsync(ProcessId process, long tokens, CancellationToken cancellationToken) =>
        _core.OpenProcessAsync(process, tokens, cancellationToken);

    public ValueTask OpenChannelAsync(ChannelId channel, CancellationToken cancellationToken) =>
        _core.OpenChannelAsync(channel, cancellationToken);

    public ValueTask<bool> SendAsync(ChannelId channel, long amount, CancellationToken cancellationToken) =>
        _core.SendAsync(channel, amount, cancellationToken);

    public ValueTask SnapshotAsync(
        SnapshotId snapshot, SnapshotNumber number, ProcessId process, CancellationToken cancellationToken) =>
        _core.SnapshotAsync(snapshot, number, process, cancellationToken);

    public async ValueTask<bool> DeliverAsync(ChannelId channel, CancellationToken cancellationToken)
    {
        var delivered = await _core.DeliverAsync(channel, cancellationToken);
        if (delivered) Delivered.Add(channel.ToString());
        return delivered;
    }

    public ValueTask<long> ReadTokensAsync(ProcessId process, CancellationToken cancellationToken) =>
        _core.ReadTokensAsync(process, cancellationToken);

    public ValueTask<SnapshotReading> ReadSnapshotAsync(
        SnapshotId snapshot, SnapshotNumber number, CancellationToken cancellationToken) =>
        _core.ReadSnapshotAsync(snapshot, number, cancellationToken);
}
