namespace Snapshots.Scripts;

/// <summary>Runs scripts on the protocol core alone, in memory; every operation completes at once.</summary>
/// <remarks>One engine runs one script. Not thread-safe.</remarks>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
/// <param name="application">The application whose processes it runs.</param>
public sealed class CoreScriptEngine<TState, TMessage>(ScriptApplication<TState, TMessage> application)
    : IScriptEngine<TState, TMessage>
{
    private readonly GatedSystem<TState, TMessage> _system = new(application.Protocol);

    /// <inheritdoc/>
    public string Name => "core";

    /// <inheritdoc/>
    public ScriptApplication<TState, TMessage> Application { get; } = application;

    /// <inheritdoc/>
    public ValueTask OpenProcessAsync(ProcessId process, string command, CancellationToken cancellationToken)
    {
        var opened = Application.Decide(process, Application.Protocol.CreateState(process), command);
        _system.OpenProcess(process, opened.Reaction!.State);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask OpenChannelAsync(ChannelId channel, CancellationToken cancellationToken)
    {
        _system.OpenChannel(channel);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<string?> ActAsync(ProcessId process, string command, CancellationToken cancellationToken)
    {
        var (refusal, reaction) = Application.Decide(process, _system.StateOf(process), command);
        if (reaction is not null) _system.Apply(process, reaction);
        return ValueTask.FromResult(refusal);
    }

    /// <inheritdoc/>
    public ValueTask SnapshotAsync(
        SnapshotId snapshot, SnapshotNumber number, ProcessId process, CancellationToken cancellationToken)
    {
        _system.Initiate(number, process);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<Frame<TMessage>?> DeliverAsync(ChannelId channel, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_system.Deliver(channel));

    /// <inheritdoc/>
    public IReadOnlyList<Frame<TMessage>> TakeSent() => _system.TakeSent();

    /// <inheritdoc/>
    public ValueTask<TState> ReadStateAsync(ProcessId process, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_system.StateOf(process));

    /// <inheritdoc/>
    public ValueTask<SnapshotReading<TState, TMessage>> ReadSnapshotAsync(
        SnapshotId snapshot, SnapshotNumber number, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_system.Snapshot(number).ToReading());
}
