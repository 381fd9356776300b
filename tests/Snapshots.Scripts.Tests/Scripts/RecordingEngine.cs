using Snapshots.Protocol;

namespace Snapshots.Scripts.Tests;

/// <summary>The core engine, which writes down what it delivered.</summary>
internal sealed class RecordingEngine : IScriptEngine<TokenState, TokenMessage>
{
    private readonly CoreScriptEngine<TokenState, TokenMessage> _core = new(TokenScripts.Instance);

    public List<string> Delivered { get; } = [];

    public string Name => _core.Name;

    public ScriptApplication<TokenState, TokenMessage> Application => _core.Application;

    public ValueTask OpenProcessAsync(ProcessId process, string command, CancellationToken cancellationToken) =>
        _core.OpenProcessAsync(process, command, cancellationToken);

    public ValueTask OpenChannelAsync(ChannelId channel, CancellationToken cancellationToken) =>
        _core.OpenChannelAsync(channel, cancellationToken);

    public ValueTask<string?> ActAsync(ProcessId process, string command, CancellationToken cancellationToken) =>
        _core.ActAsync(process, command, cancellationToken);

    public ValueTask SnapshotAsync(
        SnapshotId snapshot, SnapshotNumber number, ProcessId process, CancellationToken cancellationToken) =>
        _core.SnapshotAsync(snapshot, number, process, cancellationToken);

    public IReadOnlyList<Frame<TokenMessage>> TakeSent() => _core.TakeSent();

    public async ValueTask<Frame<TokenMessage>?> DeliverAsync(ChannelId channel, CancellationToken cancellationToken)
    {
        var delivered = await _core.DeliverAsync(channel, cancellationToken);
        if (delivered is not null) Delivered.Add(channel.ToString());
        return delivered;
    }

    public ValueTask<TokenState> ReadStateAsync(ProcessId process, CancellationToken cancellationToken) =>
        _core.ReadStateAsync(process, cancellationToken);

    public ValueTask<SnapshotReading<TokenState, TokenMessage>> ReadSnapshotAsync(
        SnapshotId snapshot, SnapshotNumber number, CancellationToken cancellationToken) =>
        _core.ReadSnapshotAsync(snapshot, number, cancellationToken);
}
