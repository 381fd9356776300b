using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Concurrency;
using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>Keeps the rests of one directory shard for snapshots: the host of a <see cref="RestKeeper"/>.</summary>
[Reentrant]
internal sealed class RestKeeperGrain : Grain, IRestKeeper
{
    private readonly TimeProvider _time;
    private readonly CallFailures _failures;
    private readonly KeeperStore _store;
    private readonly string _application;
    private RestKeeper? _keeper;

    /// <summary>What is stored of the keeper is damaged: each call of it fails with the reason.</summary>
    private DamagedStateException? _damage;

    /// <summary>The shard is damaged: the calls that wait fail with the reason.</summary>
    private DamagedStateException? _shardDamage;
    private MachineHost<KeeperWork>? _host;

    public RestKeeperGrain(IServiceProvider services, TimeProvider time, CallFailures failures)
    {
        (_time, _failures) = (time, failures);
        _store = new(services.GetRequiredService<SnapshotStorage>(), GrainContext.GrainId);
        (_application, _) = DirectoryKeys.Split(this.GetPrimaryKeyString());
    }

    private RestKeeper Keeper => _keeper ?? throw _damage ?? (Exception)new InvalidOperationException("the keeper is not activated");

    private MachineHost<KeeperWork> Host => _host ?? throw _damage ?? (Exception)new InvalidOperationException("the keeper is not activated");

    private IDirectoryShard Shard => GrainFactory.Get<IDirectoryShard>(this.GetPrimaryKeyString());

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await base.OnActivateAsync(cancellationToken);
        try
        {
            _keeper = new(await _store.ReadAsync());
        }
        catch (DamagedStateException damage)
        {
            _damage = damage;
            return;
        }

        _host = new(this, _time, _time.GetTimestamp(), _keeper, PerformAsync, DeactivateOnIdle);
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _host?.Stop();
        return base.OnDeactivateAsync(reason, cancellationToken);
    }

    public async Task<StoredKept> KeepAsync(SnapshotNumber snapshot, Epoch epoch, SnapshotAnnouncement announcement)
    {
        Keeper.Keep(snapshot, epoch, announcement);
        await Host.DurableAsync(true);
        return Keeper.Find(snapshot) is { } kept
            ? StoredKept.Of(kept)
            : throw _shardDamage ?? (Exception)new InvalidOperationException($"directory shard {this.GetPrimaryKeyString()} was not reached: call again");
    }

    public Task DropAsync(SnapshotNumber snapshot)
    {
        Keeper.Drop(snapshot);
        return Host.DurableAsync(true);
    }

    private async Task PerformAsync(KeeperWork work)
    {
        try
        {
            switch (work)
            {
                case KeeperWork.Mark mark:
                    await MarkAsync(mark);
                    return;
                case KeeperWork.Look:
                    Keeper.Looked((await GrainFactory.Get<ISnapshotIndex>(_application).GetAnnouncementAsync()).Announcement);
                    return;
                case KeeperWork.Copy copy:
                    Keeper.Copied(await CopyAsync(copy));
                    return;
                case KeeperWork.ReadKept read:
                    Keeper.Read(await ReadAsync(read.Number));
                    return;
                case KeeperWork.Write write:
                    await _store.WriteAsync(write.Record);
                    break;
                case KeeperWork.WriteKept write:
                    await _store.WriteAsync(write.Kept);
                    break;
                case KeeperWork.ClearCopies clear:
                    await Task.WhenAll(clear.Copies.Select(copy => _store.ClearCopyAsync(copy.Row, copy.Copy)));
                    break;
                case KeeperWork.ClearKept clear:
                    await _store.ClearKeptAsync(clear.Number);
                    break;
                default:
                    throw new InvalidOperationException($"{work} is not known");
            }

            Keeper.Completed(work);
        }
        catch (Exception exception)
        {
            _shardDamage = exception as DamagedStateException;
            if (_shardDamage is null) _failures.Note(work.GetType().Name, GrainContext.GrainId, exception);
            Keeper.Failed(work);
        }
    }

    private async Task MarkAsync(KeeperWork.Mark work)
    {
        var mark = await Shard.MarkAsync(work.Announcement);
        _shardDamage = null;
        ImmutableArray<RestRow?> rows = [.. mark.Versions.Select(version => version == 0 ? null : new RestRow([]) { Version = version })];
        Keeper.Marked(mark.View, new(mark.Epoch, mark.Members, mark.First, [.. mark.Awake], mark.Sums, rows));
    }

    private async Task<long> CopyAsync(KeeperWork.Copy work)
    {
        var copied = await Shard.ReadRestsAsync(work.View, [.. work.Rows]);
        await Task.WhenAll(copied.Select((rests, place) => _store.WriteCopyAsync(work.Rows[place], work.Number, rests)));
        return copied.Sum(rests => rests.ToRow().Entries.Sum(entry => entry.Report is { } report ? ReportForms.BytesOf(report) : 0));
    }

    /// <summary>What is damaged was told when it was read: a snapshot does without it.</summary>
    private async Task<KeptRests?> ReadAsync(long number)
    {
        try
        {
            return await _store.ReadKeptAsync(number);
        }
        catch (DamagedStateException)
        {
            return null;
        }
    }
}
