namespace Snapshots.Scripts;

/// <summary>Runs scripts on the protocol core alone, in memory; every operation completes at once.</summary>
/// <remarks>One engine runs one script. Not thread-safe.</remarks>
public sealed class CoreScriptEngine : IScriptEngine
{
    private readonly GatedSystem _system = new();

    /// <inheritdoc/>
    public string Name => "core";

    /// <inheritdoc/>
    public ValueTask OpenProcessAsync(ProcessId process, long tokens, CancellationToken cancellationToken)
    {
        _system.OpenProcess(process, TokenState.None.Issue(TokenApplication.PlainColour, tokens));
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask OpenChannelAsync(ChannelId channel, CancellationToken cancellationToken)
    {
        _system.OpenChannel(channel);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<bool> SendAsync(ChannelId channel, long amount, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_system.Send(channel, TokenApplication.PlainColour, amount));

    /// <inheritdoc/>
    public ValueTask SnapshotAsync(
        SnapshotId snapshot, SnapshotNumber number, ProcessId process, CancellationToken cancellationToken)
    {
        _system.Initiate(number, process);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<bool> DeliverAsync(ChannelId channel, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_system.Deliver(channel) is not null);

    /// <inheritdoc/>
    public ValueTask<long> ReadTokensAsync(ProcessId process, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_system.StateOf(process).Tokens);

    /// <inheritdoc/>
    public ValueTask<SnapshotReading> ReadSnapshotAsync(
        SnapshotId snapshot, SnapshotNumber number, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_system.Snapshot(number).ToReading());
}
