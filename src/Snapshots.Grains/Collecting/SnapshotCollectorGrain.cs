using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>
/// Leads the collection of one snapshot. It decides into how many parts it is split, follows them, has the initiator asked, and ends
/// the snapshot: completed when the certificate holds over all parts, aborted by a person, by its timeout or by a recording that
/// outgrew its limit.
/// </summary>
/// <remarks>
/// Crash safety: the summary is stored before anything is done; the number of parts before any of them starts; the end before it is
/// told. At every step an activation that starts from what is stored goes on from there. The grain never awaits the index or a part
/// in a turn that they await.
/// </remarks>
[Reentrant]
internal sealed partial class SnapshotCollectorGrain : Grain, ISnapshotCollector
{
    private readonly SnapshotsOptions _options;
    private readonly TimeProvider _time;
    private readonly SnapshotInstruments _instruments;
    private readonly ILogger<SnapshotCollectorGrain> _logger;
    private readonly Row<StoredCollector> _row;
    private readonly string _application;
    private readonly AsyncSignal _signal = new();
    private PartView?[] _parts = [];
    private Task? _starting;
    private Task? _run;
    private string? _abortReason;
    private bool _hasAskedInitiator;
    private bool _leaving;

    public SnapshotCollectorGrain(
        IServiceProvider services,
        IOptions<SnapshotsOptions> options,
        TimeProvider time,
        SnapshotInstruments instruments,
        ILogger<SnapshotCollectorGrain> logger)
    {
        _options = options.Value;
        _time = time;
        _instruments = instruments;
        _logger = logger;
        _row = new(services.GetRequiredService<SnapshotStorage>(), "collector", GrainContext.GrainId);
        (_application, _) = DirectoryKeys.Split(this.GetPrimaryKeyString());
    }

    private ISnapshotIndex Index => GrainFactory.GetGrain<ISnapshotIndex>(_application);

    private SnapshotSummary? Summary => _row.Value.Summary;

    private bool IsRunning => Summary is { Status: SnapshotStatus.Running };

    /// <summary>How all parts stand; none until all have been heard of.</summary>
    private PartStanding[]? Standings => _parts.Length > 0 && _parts.All(part => part is not null)
        ? Array.ConvertAll(_parts, part => part!.Standing)
        : null;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await base.OnActivateAsync(cancellationToken);
        await _row.ReadAsync();
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        Leave();
        return base.OnDeactivateAsync(reason, cancellationToken);
    }

    public async Task StartAsync(SnapshotSummary summary)
    {
        // The index asks again every second, also while this write is under way.
        if (Summary is null) await (_starting ??= WriteAsync(new() { Summary = summary }));
        _run ??= RunAsync();
    }

    public Task<int?> GetPartsAsync()
    {
        // Not a word that could be taken for a receipt: (1) the index has numbered a snapshot; (2) a shard that is activated just now
        // tells a newcomer of it, who records and reports; (3) the collector is started. The report would be lost.
        if (Summary is null) throw new InvalidOperationException($"{this.GetPrimaryKeyString()} was not started, or is deleted");
        if (!IsRunning) return Task.FromResult<int?>(0);
        return Task.FromResult(Standings is null ? null : (int?)_row.Value.Parts);
    }

    public Task<SnapshotView?> GetAsync() => Task.FromResult(Summary is not { } summary
        ? null
        : new SnapshotView(summary, Progress(), _row.Value.Parts));

    public async Task AbortAsync(string reason)
    {
        if (!IsRunning) return;
        _abortReason ??= reason;
        var run = _run ??= RunAsync();
        _signal.Set();
        await run;
        if (IsRunning)
        {
            throw new InvalidOperationException($"{this.GetPrimaryKeyString()} could not be aborted, since its end could not be kept: try again");
        }
    }

    public async Task SettleAsync()
    {
        while (_run is { } run) // It gathers members, or is about to end and to tell the index; all are bounded.
        {
            if (IsRunning && Standings is not null)
            {
                await ExchangeAsync();
                if (IsRunning && CollectionRuling.HaveHeardAll(Standings) && CollectionRuling.Of(Standings).Status == CollectionStatus.Running) return;
                _signal.Set();
            }

            await Task.WhenAny(run, Task.Delay(TimeSpan.FromMilliseconds(1), _time));
        }
    }

    public async Task<bool> DeleteAsync()
    {
        if (IsRunning) return false;
        await Task.WhenAll(Enumerable.Range(0, _row.Value.Parts).Select(part => PartOf(part).DeleteAsync()));
        if (_row.Exists) await _row.ClearAsync(); // Last, so that a crash in between can be cleared again.
        DeactivateOnIdle();
        return true;
    }

    private ISnapshotPart PartOf(int part) =>
        GrainFactory.GetGrain<ISnapshotPart>(DirectoryKeys.Part(_application, new(DirectoryKeys.Split(this.GetPrimaryKeyString()).Number), part));

    private CollectionProgress Progress() => _row.Value.LastProgress
        ?? (Standings is { } standings ? CollectionRuling.Sum(standings) : new CollectionProgress(0, 0, 0, 0, []));

    private async Task WriteAsync(StoredCollector value)
    {
        try
        {
            await _row.WriteAsync(value);
        }
        catch
        {
            Leave(); // It may be stored all the same: the next activation knows.
            DeactivateOnIdle();
            throw;
        }
    }

    private void Leave()
    {
        _leaving = true;
        _signal.Set();
    }
}
