using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace Snapshots.Page;

/// <summary>
/// The snapshots that are looked at. They stay in memory for some minutes, within a bound; one at a time is read.
/// </summary>
internal sealed class SnapshotContents(IOptions<SnapshotsPageOptions> options) : IDisposable
{
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(5);

    private readonly MemoryCache _contents = new(new MemoryCacheOptions { SizeLimit = options.Value.MaxContentBytes });
    private readonly Permits _reads = new(count: 1, "too many snapshots are being read: try again");

    /// <summary>Reads and proves a completed snapshot, if it is not in memory.</summary>
    /// <exception cref="ApiException">It is not completed, or too many wait for theirs.</exception>
    /// <exception cref="InvalidOperationException">What is stored does not prove it.</exception>
    public async Task<SnapshotContent> GetAsync(ApiCall call, SnapshotClient snapshots, SnapshotView view)
    {
        var summary = view.Summary;
        if (summary.Status != SnapshotStatus.Completed)
        {
            throw ApiException.Conflict(
                $"the snapshot {summary.Id} has no global state: it is {SnapshotJson.NameOf(summary.Status)}");
        }

        var key = (snapshots.Application, summary.Number);
        if (_contents.TryGetValue(key, out SnapshotContent? known)) return known!;
        using var permit = await _reads.EnterAsync(call.Aborted);
        if (_contents.TryGetValue(key, out known)) return known!;
        var flights = new Dictionary<ProcessId, ImmutableArray<FlightEvent>>();
        var state = await call.WaitAsync(
            snapshots.ReadRenderedAsync(view, (process, flight) => flights[process] = flight));
        var content = new SnapshotContent(snapshots.Application, summary, state, flights);
        return _contents.Set(key, content, new MemoryCacheEntryOptions
        {
            Size = Math.Min(content.Bytes, options.Value.MaxContentBytes),
            SlidingExpiration = Kept,
        });
    }

    public void Dispose() => _contents.Dispose();
}

/// <summary>Lets a few in at a time; as many again as <see cref="MaxWaiting"/> may wait, and not for long.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore without a wait handle holds no resource.")]
internal sealed class Permits(int count, string refusal)
{
    private const int MaxWaiting = 32;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly SemaphoreSlim _free = new(count);
    private int _waiting;

    /// <summary>Waits for a permit; its disposal gives it back.</summary>
    /// <exception cref="ApiException">Too many wait, or for too long.</exception>
    public async Task<IDisposable> EnterAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _waiting) > MaxWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            throw ApiException.Busy(refusal);
        }

        try
        {
            if (!await _free.WaitAsync(Patience, cancellationToken)) throw ApiException.Busy(refusal);
            return new Permit(_free);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private sealed class Permit(SemaphoreSlim free) : IDisposable
    {
        private int _isGivenBack;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isGivenBack, 1) == 0) free.Release();
        }
    }
}
