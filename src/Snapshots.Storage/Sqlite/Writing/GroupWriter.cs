using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Snapshots.Storage;

/// <summary>
/// Group commit: while one group is on its way to the disk, the writes that arrive wait in a queue, and all of them
/// together are the next group. So a group costs one wait for the disk however many writes it holds, a lone write waits
/// for nobody, and there is no delay to tune. One thread of its own does this; it is the only one to use the target.
/// </summary>
internal sealed partial class GroupWriter : IAsyncDisposable
{
    private readonly IGroupTarget _target;
    private readonly SqliteStorageOptions _options;
    private readonly StorageHealth _health;
    private readonly StorageInstruments _instruments;
    private readonly ILogger _logger;
    private readonly Channel<WriteRequest> _queue;
    private readonly List<WriteRequest> _group = [];
    private readonly ITimer _probeTimer;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly Lock _admission = new();

    /// <summary>Callers on their way into the queue. Guarded by <see cref="_admission"/>, as is the next.</summary>
    private int _entering;
    private bool _closing;

    public GroupWriter(
        IGroupTarget target,
        SqliteStorageOptions options,
        StorageHealth health,
        StorageInstruments instruments,
        ILogger logger,
        TimeProvider time)
    {
        _target = target;
        _options = options;
        _health = health;
        _instruments = instruments;
        _logger = logger;
        _queue = Channel.CreateBounded<WriteRequest>(
            new BoundedChannelOptions(options.MaxQueuedWrites) { SingleReader = true });
        // If the queue is full there is a write to try, and no need for a probe.
        _probeTimer = time.CreateTimer(
            _ => _queue.Writer.TryWrite(WriteRequest.Probe()),
            null,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan);
        health.Succeeded();
        new Thread(Run) { IsBackground = true, Name = "Snapshots.Storage writer" }.Start();
    }

    /// <summary>Writes in the queue; those on their way into it, or in the group under way, are not counted.</summary>
    public int QueueLength => _queue.Reader.Count;

    /// <summary>
    /// Waits for room in the queue, then for the group that takes the write. A write that has found room cannot be
    /// cancelled: nobody could say any longer whether it happened.
    /// </summary>
    /// <exception cref="StorageUnavailableException">The group failed, or the writer is closed.</exception>
    /// <exception cref="Orleans.Storage.InconsistentStateException">The version is not the expected one.</exception>
    /// <exception cref="OperationCanceledException">Cancelled while waiting for room; nothing was written.</exception>
    public async Task<long?> WriteAsync(WriteRequest request, CancellationToken cancellationToken)
    {
        Enter();
        try
        {
            await _queue.Writer.WriteAsync(request, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Leave();
        }

        return await request.Completion.ConfigureAwait(false);
    }

    /// <summary>Refuses new writes, commits those that wait, those for room included, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_admission)
        {
            _closing = true;
            CompleteWhenAllEntered();
        }

        await _ended.Task.ConfigureAwait(false);
        await _probeTimer.DisposeAsync().ConfigureAwait(false);
        _health.Failed(Stopped);
    }

    private const string Stopped = "The storage has stopped.";

    private void Enter()
    {
        lock (_admission)
        {
            if (_closing)
                throw new StorageUnavailableException(Stopped);
            _entering++;
        }
    }

    private void Leave()
    {
        lock (_admission)
        {
            _entering--;
            CompleteWhenAllEntered();
        }
    }

    private void CompleteWhenAllEntered()
    {
        if (_closing && _entering == 0)
            _queue.Writer.TryComplete();
    }

    private void Run()
    {
        while (_queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            TakeGroup();
            CommitGroup();
        }

        _ended.SetResult();
    }

    private void TakeGroup()
    {
        _group.Clear();
        var bytes = 0L;
        while (_group.Count < _options.MaxGroupSize
            && bytes < StorageLimits.GroupBytes
            && _queue.Reader.TryRead(out var request))
        {
            _group.Add(request);
            bytes += request.Payload.Length;
        }
    }

    private void CommitGroup()
    {
        var started = Stopwatch.GetTimestamp();
        _health.Began();
        try
        {
            _target.Commit(_group);
        }
#pragma warning disable CA1031 // Whatever went wrong, every caller must hear of it, and the thread must live on.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Fail(e);
            return;
        }

        if (_health.Succeeded())
        {
            _probeTimer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            LogAvailable();
        }

        _instruments.Committed(_group, Stopwatch.GetElapsedTime(started));
        foreach (var request in _group)
            request.Complete();
    }

    private void Fail(Exception cause)
    {
        var message = cause is StorageUnavailableException ? cause.Message : $"The storage failed: {cause.Message}";
        if (_health.Failed(message))
            LogUnavailable(message, cause);
        _probeTimer.Change(StorageLimits.ProbeDelay, Timeout.InfiniteTimeSpan);
        _instruments.Failed();
        foreach (var request in _group)
            request.Fail(message, cause);
    }
}
