using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Concurrency;
using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>Leads the collection of one snapshot: the host of a <see cref="Collector"/>.</summary>
[Reentrant]
internal sealed class SnapshotCollectorGrain : Grain, ISnapshotCollector
{
    private readonly TimeProvider _time;
    private readonly SnapshotInstruments _instruments;
    private readonly CallFailures _failures;
    private readonly Row<StoredCollector> _row;
    private readonly string _application;
    private readonly SnapshotNumber _snapshot;
    private Collector? _collector;

    /// <summary>What is stored of the collector is damaged: each call of it fails with the reason.</summary>
    private DamagedStateException? _damage;
    private MachineHost<CollectorWork>? _host;

    public SnapshotCollectorGrain(
        IServiceProvider services, TimeProvider time, SnapshotInstruments instruments, CallFailures failures)
    {
        _time = time;
        _instruments = instruments;
        _failures = failures;
        _row = new(services.GetRequiredService<SnapshotStorage>(), "collector", GrainContext.GrainId);
        (_application, var number) = DirectoryKeys.Split(this.GetPrimaryKeyString());
        _snapshot = new(number);
    }

    private Collector Collector => _collector ?? throw _damage ?? (Exception)new InvalidOperationException("the collector is not activated");

    private MachineHost<CollectorWork> Host => _host ?? throw new InvalidOperationException("the collector is not activated");

    private ISnapshotIndex Index => GrainFactory.Get<ISnapshotIndex>(_application);

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await base.OnActivateAsync(cancellationToken);
        try
        {
            await _row.ReadAsync();
        }
        catch (DamagedStateException damage)
        {
            _damage = damage;
            return;
        }

        var startedAt = _time.GetTimestamp();
        var wallMs = _time.GetUtcNow().ToUnixTimeMilliseconds();
        _collector = new(_snapshot, DirectoryKeys.Parts, _row.Value.ToRecord(), CollectionPace.Default, default, wallMs);
        _host = new(this, _time, startedAt, _collector, PerformAsync, DeactivateOnIdle);
        _host.Poke();
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _host?.Stop();
        return base.OnDeactivateAsync(reason, cancellationToken);
    }

    public Task StartAsync(SnapshotSummary summary)
    {
        Collector.Start(summary, Host.Now);
        Host.Poke();
        return Task.CompletedTask;
    }

    public Task<SnapshotView?> GetAsync() => Task.FromResult(Collector.View);

    public Task AbortAsync(string reason)
    {
        Collector.Abort(reason, Host.Now);
        return Host.DurableAsync(true);
    }

    public Task<bool> DeleteAsync() => Collector.Delete() ? Host.DurableAsync(true) : Task.FromResult(false);

    private async Task PerformAsync(CollectorWork work)
    {
        try
        {
            switch (work)
            {
                case CollectorWork.Look:
                    Collector.Looked((await Index.GetAnnouncementAsync()).Announcement);
                    return;
                case CollectorWork.Follow follow:
                    Take(work, await PartOf(follow.Part).FollowAsync(follow.Epoch, follow.KnownVersion));
                    return;
                case CollectorWork.Exchange exchange:
                    using (SnapshotTracing.Start("certificate", _application, _snapshot))
                        Take(work, await PartOf(exchange.Part).ExchangeAsync([.. exchange.From]));
                    return;
                case CollectorWork.Write write:
                    await _row.WriteAsync(StoredCollector.Of(write.Record));
                    Count(write.Record.Summary);
                    break;
                case CollectorWork.Clear when _row.Exists:
                    await _row.ClearAsync();
                    break;
                case CollectorWork.AskFirst ask:
                    await PartOf(ask.Part).AskFirstAsync(ask.Process);
                    break;
                case CollectorWork.Resolve resolve:
                    await PartOf(resolve.Part).ResolveAsync();
                    break;
                case CollectorWork.Tell tell:
                    await Index.EndAsync(tell.Ended);
                    break;
                case CollectorWork.EndPart end:
                    await PartOf(end.Part).EndAsync();
                    break;
                case CollectorWork.DeletePart delete:
                    await PartOf(delete.Part).DeleteAsync();
                    break;
                default:
                    break; // There is no row to clear.
            }

            Collector.Completed(work, Host.Now);
        }
        catch (DamagedStateException damage) when (work is CollectorWork.Follow or CollectorWork.Exchange)
        {
            Collector.Failed(work, Host.Now);
            if (Collector.View is { Summary.Status: SnapshotStatus.Running }) Collector.Abort(damage.Message, Host.Now);
        }
        catch (Exception exception)
        {
            _failures.Note(work.GetType().Name, GrainContext.GrainId, exception);
            Collector.Failed(work, Host.Now);
        }
    }

    private void Take(CollectorWork work, PartView? view)
    {
        if (view is null) Collector.Failed(work, Host.Now); // It is asked again, if the snapshot has not ended.
        else Collector.Followed(work, view, Host.Now);
    }

    private void Count(SnapshotSummary summary)
    {
        if (summary.Status == SnapshotStatus.Running) return;
        _instruments.Ended(summary);
        var startedAt = DateTimeOffset.FromUnixTimeMilliseconds(summary.StartedAtMs);
        var endedAt = DateTimeOffset.FromUnixTimeMilliseconds(summary.EndedAtMs ?? summary.StartedAtMs);
        using var span = SnapshotTracing.Start("snapshot", _application, _snapshot, startedAt, endedAt);
        span?.SetTag("snapshots.id", summary.Id.Value)
            .SetTag("snapshots.status", summary.Status.ToString())
            .SetTag("snapshots.messages_in_transit", summary.MessagesInTransit)
            .SetStatus(summary.Status == SnapshotStatus.Aborted ? ActivityStatusCode.Error : ActivityStatusCode.Ok, summary.Reason);
    }

    private ISnapshotPart PartOf(int part) => GrainFactory.Get<ISnapshotPart>(DirectoryKeys.Part(_application, _snapshot, part));
}
