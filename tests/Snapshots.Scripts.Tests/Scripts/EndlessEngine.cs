using Snapshots.Protocol;

namespace Snapshots.Scripts.Tests;

/// <summary>An engine whose channels are never empty, and which does nothing else.</summary>
internal sealed class EndlessEngine : IScriptEngine<TokenState, TokenMessage>
{
    public string Name => "endless";

    public ScriptApplication<TokenState, TokenMessage> Application => TokenScripts.Instance;

    public ValueTask OpenProcessAsync(ProcessId process, string command, CancellationToken cancellationToken) =>
        default;

    public ValueTask OpenChannelAsync(ChannelId channel, CancellationToken cancellationToken) => default;

    public ValueTask<string?> ActAsync(ProcessId process, string command, CancellationToken cancellationToken) =>
        default;

    public ValueTask SnapshotAsync(
        SnapshotId snapshot, SnapshotNumber number, ProcessId process, CancellationToken cancellationToken) => default;

    public ValueTask<Frame<TokenMessage>?> DeliverAsync(ChannelId channel, CancellationToken cancellationToken) =>
        new(new Frame<TokenMessage>(channel, Epoch.First, default, default, new VoidContent<TokenMessage>(), default));

    public IReadOnlyList<Frame<TokenMessage>> TakeSent() => [];

    public ValueTask<TokenState> ReadStateAsync(ProcessId process, CancellationToken cancellationToken) =>
        new(TokenState.None);

    public ValueTask<SnapshotReading<TokenState, TokenMessage>> ReadSnapshotAsync(
        SnapshotId snapshot, SnapshotNumber number, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("nothing is recorded here");
}
