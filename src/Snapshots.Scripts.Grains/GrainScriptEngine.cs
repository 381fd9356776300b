using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Snapshots.Grains;
using Snapshots.Protocol;

namespace Snapshots.Scripts.Grains;

/// <summary>
/// Runs scripts on real grains, in a silo that <see cref="ScriptGrains.Add"/> has set up: each frame waits at a gate
/// before the stream. An operation completes when its consequences are persisted, reported, decided and announced, so
/// the next one starts from the same state as on the core.
/// </summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
/// <param name="services">The services of the one silo.</param>
/// <param name="application">The application whose processes it runs.</param>
public sealed class GrainScriptEngine<TState, TMessage>(
    IServiceProvider services, ScriptApplication<TState, TMessage> application) : IScriptEngine<TState, TMessage>
    where TState : notnull
    where TMessage : notnull
{
    private static readonly TimeSpan SnapshotTimeout = TimeSpan.FromDays(1);

    private readonly IGrainFactory _grains = services.GetRequiredService<IGrainFactory>();
    private readonly string _name = ScriptGrains.NameOf(application.Name);
    private readonly FrameGate<TMessage> _gate = services.GetRequiredService<FrameGate<TMessage>>();
    private readonly Serializer<TState> _states = services.GetRequiredService<Serializer<TState>>();
    private readonly Serializer<TMessage> _messages = services.GetRequiredService<Serializer<TMessage>>();
    private readonly SnapshotClient _snapshots =
        new(services.GetRequiredService<IGrainFactory>(), ScriptGrains.NameOf(application.Name));

    private readonly SortedSet<ProcessId> _processes = [];
    private readonly SortedDictionary<SnapshotNumber, SnapshotId> _open = [];

    /// <inheritdoc/>
    public string Name => "grains";

    /// <inheritdoc/>
    public ScriptApplication<TState, TMessage> Application { get; } = application;

    private ISnapshotIndex Index => _grains.GetGrain<ISnapshotIndex>(_name);

    /// <inheritdoc/>
    public async ValueTask OpenProcessAsync(ProcessId process, string command, CancellationToken cancellationToken)
    {
        await Actor(process).ActAsync(command).WaitAsync(cancellationToken);
        _processes.Add(process);
    }

    /// <inheritdoc/>
    public async ValueTask OpenChannelAsync(ChannelId channel, CancellationToken cancellationToken)
    {
        await Actor(channel.Source).OpenAsync(channel.Target).WaitAsync(cancellationToken);
        await SettleAsync(channel.Source, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<string?> ActAsync(ProcessId process, string command, CancellationToken cancellationToken)
    {
        var refusal = await Actor(process).ActAsync(command).WaitAsync(cancellationToken);
        await SettleAsync(process, cancellationToken);
        return refusal;
    }

    /// <inheritdoc/>
    public async ValueTask SnapshotAsync(
        SnapshotId snapshot, SnapshotNumber number, ProcessId process, CancellationToken cancellationToken)
    {
        var request = new SnapshotRequest(snapshot, process, SnapshotTimeout);
        var summary = await _snapshots.BeginAsync(request).WaitAsync(cancellationToken);
        if (summary.Number != number)
            throw new InvalidOperationException($"{snapshot} is snapshot {summary.Number}, not {number}");
        if (summary.Status == SnapshotStatus.Running)
        {
            _open[number] = snapshot;
            await SettleAsync(number, cancellationToken);
        }

        var registration = await Index.GetAnnouncementAsync().WaitAsync(cancellationToken);
        await Grain(process).RecordAsync(number, registration.Epoch, registration.Announcement)
            .WaitAsync(cancellationToken);
        await SettleAsync(process, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<Frame<TMessage>?> DeliverAsync(ChannelId channel, CancellationToken cancellationToken)
    {
        var frame = await _gate.DeliverAsync(channel, cancellationToken);
        if (frame is not null) await SettleAsync(channel.Target, cancellationToken);
        return frame;
    }

    /// <inheritdoc/>
    public IReadOnlyList<Frame<TMessage>> TakeSent() => _gate.TakeHeld();

    /// <inheritdoc/>
    public async ValueTask<TState> ReadStateAsync(ProcessId process, CancellationToken cancellationToken) =>
        _states.Deserialize(await Actor(process).ReadAsync().WaitAsync(cancellationToken))!;

    /// <inheritdoc/>
    public async ValueTask<SnapshotReading<TState, TMessage>> ReadSnapshotAsync(
        SnapshotId snapshot, SnapshotNumber number, CancellationToken cancellationToken)
    {
        var view = await _snapshots.GetAsync(snapshot).WaitAsync(cancellationToken)
            ?? throw new InvalidOperationException($"the snapshot {snapshot} does not exist");
        if (view.Summary.Status == SnapshotStatus.Completed)
        {
            var state = await _snapshots.ReadAsync(view, _states, _messages).WaitAsync(cancellationToken);
            return new(true, view.Progress, state);
        }

        var reports = new List<Report>();
        await foreach (var report in _snapshots.ReadReportsAsync(view).WithCancellation(cancellationToken))
            reports.Add(Decode(report));
        return new(false, view.Progress, SnapshotReading.Gather<TState, TMessage>(reports));
    }

    /// <summary>
    /// Waits until the process has persisted and reported, its snapshots are decided, and all processes know what has
    /// ended.
    /// </summary>
    private async Task SettleAsync(ProcessId process, CancellationToken cancellationToken)
    {
        await Grain(process).SettleAsync().WaitAsync(cancellationToken);
        foreach (var number in _open.Keys) await SettleAsync(number, cancellationToken);
        var registration = await Index.GetAnnouncementAsync().WaitAsync(cancellationToken);
        var ended = _open.Keys.Where(registration.Announcement.HasEnded).ToList();
        foreach (var number in ended) _open.Remove(number);
        if (ended.Count == 0) return;
        foreach (var each in _processes)
            await Grain(each).LearnAsync(registration.Announcement).WaitAsync(cancellationToken);
    }

    private Report Decode(Report report) => report switch
    {
        LocalReport<StatePayload> local => new LocalReport<TState>(
            local.Snapshot,
            local.Epoch,
            local.Process,
            _states.Deserialize(local.State.State.Bytes)!,
            local.Sent,
            local.Delivered),
        ChannelReport<Payload> channel => new ChannelReport<TMessage>(
            channel.Snapshot,
            channel.Epoch,
            channel.Process,
            channel.Source,
            channel.DeliveredBefore,
            [.. channel.Messages.Select(message => _messages.Deserialize(message.Bytes)!)]),
        _ => report,
    };

    private IScriptGrain Actor(ProcessId process) => _grains.GetGrain<IScriptGrain>(IdOf(process));

    private ISnapshotProcess Grain(ProcessId process) => _grains.GetGrain<ISnapshotProcess>(IdOf(process));

    private GrainId IdOf(ProcessId process) => GrainId.Create(_name, process.Value);

    /// <summary>
    /// Waits until the parts have received each other's counts, the collector shows that, and the index knows
    /// everything that the reports so far decide.
    /// </summary>
    private async Task SettleAsync(SnapshotNumber number, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (epoch, announcement) = await Index.GetAnnouncementAsync().WaitAsync(cancellationToken);
            if (announcement.HasEnded(number)) return;
            if (await TryExchangeAsync(number, epoch, cancellationToken) is { } standings
                && CollectionRuling.HaveHeardAll(standings)
                && CollectionRuling.Of(standings).Status == CollectionStatus.Running
                && await IsShownAsync(number, CollectionRuling.Sum(standings), cancellationToken)) return;
            await Task.Delay(1, cancellationToken); // The collector is about to look at its parts, or to end it.
        }
    }

    /// <summary>How the parts stand after an exchange; none if one of them has just been told of the end.</summary>
    private async Task<PartStanding[]?> TryExchangeAsync(
        SnapshotNumber number, Epoch epoch, CancellationToken cancellationToken)
    {
        var numbers = Enumerable.Range(0, DirectoryKeys.PartCount).ToList();
        var parts = numbers.ConvertAll(part => _grains.GetGrain<ISnapshotPart>(DirectoryKeys.Part(_name, number, part)));
        await Task.WhenAll(parts.Select(part => part.FollowAsync(epoch, known: 0))).WaitAsync(cancellationToken);
        await Task.WhenAll(parts.Select((part, own) => part.ExchangeAsync([.. numbers.Where(other => other != own)])))
            .WaitAsync(cancellationToken);
        var views = await Task.WhenAll(parts.Select(part => part.FollowAsync(epoch, known: 0)))
            .WaitAsync(cancellationToken);
        return Array.TrueForAll(views, view => view is not null) ? Array.ConvertAll(views, view => view!.Standing) : null;
    }

    private async Task<bool> IsShownAsync(
        SnapshotNumber number, CollectionProgress progress, CancellationToken cancellationToken)
    {
        var view = await _snapshots.GetAsync(_open[number]).WaitAsync(cancellationToken);
        return view?.Progress is { } shown && Figures(shown) == Figures(progress);

        static (int, int, int, int) Figures(CollectionProgress each) =>
            (each.ProcessesRecorded, each.ProcessesExpected, each.ChannelsClosed, each.ChannelsExpected);
    }
}
