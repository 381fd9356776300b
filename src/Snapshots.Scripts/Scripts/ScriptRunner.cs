using Snapshots.Diagrams;

namespace Snapshots.Scripts;

/// <summary>
/// Runs scripts: what is equal on all engines, which is numbers, the order of a drain, expectations and results.
/// </summary>
public static class ScriptRunner
{
    /// <summary>
    /// Runs a script on a new engine, statement by statement. After a failed expectation the script goes on.
    /// </summary>
    /// <param name="script">The script.</param>
    /// <param name="engine">The engine, of the script's application.</param>
    /// <param name="history">Takes what happens; null for nothing.</param>
    /// <param name="cancellationToken">Ends the run early.</param>
    /// <exception cref="ArgumentException">The engine runs another application.</exception>
    /// <exception cref="ScriptException">
    /// A statement cannot be run: a process refuses a command, a channel to deliver from is empty, or more than
    /// <see cref="ScriptLimits.MaxDeliveries"/> frames are delivered, or more happens than the history takes.
    /// </exception>
    /// <exception cref="OperationCanceledException">
    /// The run was cancelled, between two operations or by the engine within one.
    /// </exception>
    public static async Task<ReplayResult<TState, TMessage>> RunAsync<TState, TMessage>(
        Script script,
        IScriptEngine<TState, TMessage> engine,
        ScriptHistory<TState, TMessage>? history,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(script);
        ArgumentNullException.ThrowIfNull(engine);
        if (script.Application != engine.Application.Name)
            throw new ArgumentException($"the engine does not run {script.Application}", nameof(engine));
        var run = new ScriptRun<TState, TMessage>(engine, history);
        foreach (var step in script.Steps)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await run.StepAsync(step, cancellationToken).ConfigureAwait(false);
        }

        return await run.ToResultAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Runs a script on a new engine, and collects no history.</summary>
    public static Task<ReplayResult<TState, TMessage>> RunAsync<TState, TMessage>(
        Script script, IScriptEngine<TState, TMessage> engine, CancellationToken cancellationToken) =>
        RunAsync(script, engine, history: null, cancellationToken);
}

/// <summary>The run of one script on one engine.</summary>
internal sealed class ScriptRun<TState, TMessage>(
    IScriptEngine<TState, TMessage> engine, ScriptHistory<TState, TMessage>? history)
{
    private readonly SortedSet<ProcessId> _processes = [];
    private readonly SortedSet<ChannelId> _channels = [];
    private readonly SortedDictionary<SnapshotId, (SnapshotNumber Number, ProcessId Initiator)> _snapshots = [];
    private readonly List<string> _failures = [];
    private int _deliveries;

    public async ValueTask StepAsync(ScriptStep step, CancellationToken cancellationToken)
    {
        switch (step)
        {
            case ProcessStep { Process: var process, Command: var command }:
                _processes.Add(process);
                history?.Open(process);
                await engine.OpenProcessAsync(process, command, cancellationToken).ConfigureAwait(false);
                break;
            case ChannelStep { Channel: var channel }:
                _channels.Add(channel);
                await engine.OpenChannelAsync(channel, cancellationToken).ConfigureAwait(false);
                break;
            case ActStep { Process: var process, Command: var command }:
                var refusal = await engine.ActAsync(process, command, cancellationToken).ConfigureAwait(false);
                if (refusal is not null) throw new ScriptException(step.Line, refusal);
                break;
            case SnapshotStep { Snapshot: var snapshot, Process: var process }:
                _snapshots.TryAdd(snapshot, (new(_snapshots.Count + 1), process));
                var number = _snapshots[snapshot].Number;
                await engine.SnapshotAsync(snapshot, number, process, cancellationToken).ConfigureAwait(false);
                await NoteRecordAsync(process, snapshot, number, cancellationToken).ConfigureAwait(false);
                break;
            case DeliverStep { Channel: var channel }:
                var delivered = await DeliverAsync(step.Line, channel, cancellationToken).ConfigureAwait(false);
                if (!delivered) throw new ScriptException(step.Line, $"the channel {channel} is empty");
                break;
            case DrainStep:
                await DrainAsync(step.Line, cancellationToken).ConfigureAwait(false);
                break;
            default:
                await ExpectAsync(step, cancellationToken).ConfigureAwait(false);
                return;
        }

        NoteSent(step.Line);
    }

    public async ValueTask<ReplayResult<TState, TMessage>> ToResultAsync(CancellationToken cancellationToken)
    {
        var snapshots = ImmutableArray.CreateBuilder<ReplaySnapshot<TState, TMessage>>();
        foreach (var (id, (number, initiator)) in _snapshots)
        {
            var reading = await engine.ReadSnapshotAsync(id, number, cancellationToken).ConfigureAwait(false);
            var state = reading.IsComplete ? Recorded.WithDeclaredChannels(reading.Recorded, _channels) : null;
            snapshots.Add(new(id, number, initiator, reading.Progress, state));
        }

        var final = ImmutableArray.CreateBuilder<ProcessState<TState>>();
        foreach (var process in _processes)
            final.Add(new(process, await engine.ReadStateAsync(process, cancellationToken).ConfigureAwait(false)));

        return new(engine.Name, [.. _failures], snapshots.ToImmutable(), final.ToImmutable());
    }

    /// <summary>
    /// Delivers in rounds: in each, every channel in order delivers at most one frame, read when its turn comes.
    /// </summary>
    private async ValueTask DrainAsync(int line, CancellationToken cancellationToken)
    {
        // The loop ends: a process records a snapshot once, so markers are finite. A message makes its receiver send
        // at most one, and no chain of them is endless: a request, its grant, its release; an order, a reference.
        for (var delivered = true; delivered;)
        {
            delivered = false;
            foreach (var channel in _channels)
                delivered |= await DeliverAsync(line, channel, cancellationToken).ConfigureAwait(false);

            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private async ValueTask<bool> DeliverAsync(int line, ChannelId channel, CancellationToken cancellationToken)
    {
        var frame = await engine.DeliverAsync(channel, cancellationToken).ConfigureAwait(false);
        if (frame is null) return false;
        history?.Deliver(frame, engine.Application);
        if (frame.Content is MarkerContent<TMessage> { Snapshot: var number })
        {
            var snapshot = _snapshots.First(pair => pair.Value.Number == number).Key;
            await NoteRecordAsync(channel.Target, snapshot, number, cancellationToken).ConfigureAwait(false);
        }

        NoteSent(line);
        if (++_deliveries > ScriptLimits.MaxDeliveries)
            throw new ScriptException(line, $"a script delivers at most {ScriptLimits.MaxDeliveries} frames");

        return true;
    }

    /// <summary>
    /// A process records a snapshot when it initiates it or a marker arrives, if it has not, and the snapshot is open.
    /// </summary>
    private async ValueTask NoteRecordAsync(
        ProcessId process, SnapshotId snapshot, SnapshotNumber number, CancellationToken cancellationToken)
    {
        if (history is null || history.HasRecorded(process, snapshot)) return;
        var reading = await engine.ReadSnapshotAsync(snapshot, number, cancellationToken).ConfigureAwait(false);
        if (reading.Recorded.Processes.Any(each => each.Id == process)) history.Record(process, snapshot, number);
    }

    private void NoteSent(int line)
    {
        var sent = engine.TakeSent();
        if (history is null) return;
        foreach (var frame in sent) history.Send(frame, engine.Application);
        if (history.IsFull)
            throw new ScriptException(line, $"a picture or log shows at most {SpaceTimeBuilder.MaxEvents} events");
        history.NextStep();
    }

    private async ValueTask ExpectAsync(ScriptStep step, CancellationToken cancellationToken)
    {
        var application = engine.Application;
        var (subject, expected, actual) = step switch
        {
            ExpectNowStep { Process: var process, Tokens: var tokens } => (
                $"{process} now",
                $"{tokens}",
                application.Describe(await engine.ReadStateAsync(process, cancellationToken).ConfigureAwait(false))),
            ExpectProcessStep process => (
                $"{process.Process} in {process.Snapshot}",
                $"{process.Tokens}",
                Recorded.DescribeProcess(
                    await ReadAsync(process.Snapshot).ConfigureAwait(false), process.Process, application.Describe)),
            ExpectChannelStep channel => (
                $"{channel.Channel} in {channel.Snapshot}",
                Recorded.Describe(channel.Amounts.Select(amount => $"{amount}")),
                Recorded.DescribeChannel(
                    await ReadAsync(channel.Snapshot).ConfigureAwait(false), channel.Channel, application.Describe)),
            ExpectStatusStep status => (
                $"{status.Snapshot}",
                Recorded.Describe(status.IsComplete),
                Recorded.Describe((await ReadAsync(status.Snapshot).ConfigureAwait(false)).IsComplete)),
            ExpectFoundStep found => (
                $"{found.Snapshot}",
                Recorded.Describe(application.Property, found.Found),
                Recorded.DescribeFound(await ReadAsync(found.Snapshot).ConfigureAwait(false), application)),
            _ => throw new InvalidOperationException($"the statement {step.GetType().Name} is unknown"),
        };
        if (expected != actual) _failures.Add($"line {step.Line}: {subject}: expected {expected}, actual {actual}");

        ValueTask<SnapshotReading<TState, TMessage>> ReadAsync(SnapshotId id) =>
            engine.ReadSnapshotAsync(id, _snapshots[id].Number, cancellationToken);
    }
}
