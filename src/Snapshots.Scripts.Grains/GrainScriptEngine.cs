using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Snapshots.Grains;
using Snapshots.Protocol;

namespace Snapshots.Scripts.Grains;

/// <summary>
/// Runs scripts on real grains, in a silo that <see cref="AddScriptGrains"/> has set up: each frame waits at a gate
/// before the stream. An operation completes when its consequences are persisted, reported, decided and announced, so
/// the next one starts from the same state as on the core.
/// </summary>
/// <param name="services">The services of the one silo.</param>
public sealed class GrainScriptEngine(IServiceProvider services) : IScriptEngine
{
    private static readonly TimeSpan SnapshotTimeout = TimeSpan.FromDays(1);

    private readonly IGrainFactory _grains = services.GetRequiredService<IGrainFactory>();
    private readonly FrameGate<TokenMessage> _gate = services.GetRequiredService<FrameGate<TokenMessage>>();
    private readonly Serializer<TokenState> _states = services.GetRequiredService<Serializer<TokenState>>();
    private readonly Serializer<TokenMessage> _messages = services.GetRequiredService<Serializer<TokenMessage>>();
    private readonly SnapshotClient _snapshots =
        new(services.GetRequiredService<IGrainFactory>(), TokenGrain.Application);

    private readonly SortedSet<ProcessId> _processes = [];
    private readonly SortedDictionary<SnapshotNumber, SnapshotId> _open = [];

    /// <inheritdoc/>
    public string Name => "grains";

    private ISnapshotIndex Index => _grains.GetGrain<ISnapshotIndex>(TokenGrain.Application);

    /// <summary>Sets a silo up for scripts: adds the gate, and keeps parts from asking processes.</summary>
    public static void AddScriptGrains(ISiloBuilder silo)
    {
        silo.AddFrameGate<TokenMessage>(TokenGrain.Application);
        silo.AddIncomingGrainCallFilter<AsksNobody>();
    }

    /// <summary>Sets the snapshot options of a silo for scripts.</summary>
    public static void Configure(SnapshotsOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.AskProcesses = false; // For newcomers; parts are kept from asking by AsksNobody.
        options.Limits = ScriptLimits.Protocol;
        options.MaxOpenSnapshots = ScriptLimits.MaxSnapshots;
    }

    /// <inheritdoc/>
    public async ValueTask OpenProcessAsync(ProcessId process, long tokens, CancellationToken cancellationToken)
    {
        await Tokens(process).IssueAsync(tokens).WaitAsync(cancellationToken);
        _processes.Add(process);
    }

    /// <inheritdoc/>
    public async ValueTask OpenChannelAsync(ChannelId channel, CancellationToken cancellationToken)
    {
        await Tokens(channel.Source).OpenAsync(channel.Target).WaitAsync(cancellationToken);
        await SettleAsync(channel.Source, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> SendAsync(ChannelId channel, long amount, CancellationToken cancellationToken)
    {
        var sent = await Tokens(channel.Source).SendAsync(channel.Target, amount).WaitAsync(cancellationToken);
        await SettleAsync(channel.Source, cancellationToken);
        return sent;
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
    public async ValueTask<bool> DeliverAsync(ChannelId channel, CancellationToken cancellationToken)
    {
        if (!await _gate.DeliverAsync(channel, cancellationToken)) return false;
        await SettleAsync(channel.Target, cancellationToken);
        return true;
    }

    /// <inheritdoc/>
    public async ValueTask<long> ReadTokensAsync(ProcessId process, CancellationToken cancellationToken) =>
        await Tokens(process).GetTokensAsync().WaitAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<SnapshotReading> ReadSnapshotAsync(
        SnapshotId snapshot, SnapshotNumber number, CancellationToken cancellationToken)
    {
        var view = await _snapshots.GetAsync(snapshot).WaitAsync(cancellationToken)
            ?? throw new InvalidOperationException($"the snapshot {snapshot} does not exist");
        if (view.Summary.Status == SnapshotStatus.Completed)
        {
            var state = await _snapshots.ReadAsync(view, _states, _messages).WaitAsync(cancellationToken);
            return new SnapshotReading(true, view.Progress, state);
        }

        var reports = new List<Report>();
        await foreach (var report in _snapshots.ReadReportsAsync(view).WithCancellation(cancellationToken))
            reports.Add(Decode(report));
        return new SnapshotReading(false, view.Progress, SnapshotReading.Gather(reports));
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
        LocalReport<StatePayload> local => new LocalReport<TokenState>(
            local.Snapshot,
            local.Epoch,
            local.Process,
            _states.Deserialize(local.State.State.Bytes)!,
            local.Sent,
            local.Delivered),
        ChannelReport<Payload> channel => new ChannelReport<TokenMessage>(
            channel.Snapshot,
            channel.Epoch,
            channel.Process,
            channel.Source,
            channel.DeliveredBefore,
            [.. channel.Messages.Select(message => _messages.Deserialize(message.Bytes)!)]),
        _ => report,
    };

    private ITokenGrain Tokens(ProcessId process) => _grains.GetGrain<ITokenGrain>(process.Value);

    private ISnapshotProcess Grain(ProcessId process) =>
        _grains.GetGrain<ISnapshotProcess>(Tokens(process).GetGrainId());

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
        try
        {
            var numbers = Enumerable.Range(0, DirectoryKeys.PartCount).ToList();
            var parts = numbers.ConvertAll(part => _grains.GetGrain<ISnapshotPart>(
                DirectoryKeys.Part(TokenGrain.Application, number, part)));
            await Task.WhenAll(parts.Select(part => part.FollowAsync(epoch, known: 0))).WaitAsync(cancellationToken);
            await Task.WhenAll(parts.Select((part, own) => part.ExchangeAsync([.. numbers.Where(other => other != own)])))
                .WaitAsync(cancellationToken);
            var views = await Task.WhenAll(parts.Select(part => part.FollowAsync(epoch, known: 0)))
                .WaitAsync(cancellationToken);
            return [.. views.Select(view => view.Standing)];
        }
        catch (InvalidOperationException)
        {
            return null;
        }
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
