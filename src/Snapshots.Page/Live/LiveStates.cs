using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Snapshots.Page;

/// <summary>
/// What the page shows of each application right now. While an event stream listens, one loop per application reads it
/// again and again, for all streams together. Thread-safe.
/// </summary>
internal sealed class LiveStates(
    IOptions<SnapshotsPageOptions> options,
    MessageRate rate,
    IServiceProvider services,
    IHostApplicationLifetime lifetime,
    ILogger<LiveStates> logger)
{
    private const int Listed = 20;

    /// <summary>Snapshots that run and are shown with their progress.</summary>
    private const int MaxRunning = 8;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PeriodWhileRunning = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan ReadTimeout = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, Audience> _audiences = [];
    private int _streams;

    /// <summary>Cancelled when the silo stops.</summary>
    public CancellationToken Stopping => lifetime.ApplicationStopping;

    /// <summary>Registers a stream, which listens until the result is disposed of.</summary>
    /// <exception cref="ApiException">As many are open as may be.</exception>
    public Listener Listen(SnapshotClient snapshots)
    {
        if (Interlocked.Increment(ref _streams) > options.Value.MaxEventStreams)
        {
            Interlocked.Decrement(ref _streams);
            throw ApiException.Busy(
                $"{options.Value.MaxEventStreams} event streams are open, which is the limit: close one, or try again");
        }

        return _audiences.GetOrAdd(snapshots.Application, _ => new Audience(this, snapshots)).Add();
    }

    /// <summary>Reads the state now. What cannot be read is said in it.</summary>
    public async Task<LiveState> ReadAsync(SnapshotClient snapshots)
    {
        var health = options.Value.Health?.Invoke(services) ?? new(null, null);
        try
        {
            if (health.Obstacle is "starting" or "stopping") return Unavailable(snapshots, health.Obstacle);
            return await ReadCoreAsync(snapshots, health).WaitAsync(ReadTimeout);
        }
#pragma warning disable CA1031 // Whatever it is, the page says it.
        catch (Exception exception)
        {
            Log.Unread(logger, snapshots.Application, exception);
            return Unavailable(snapshots, ApiErrors.Of(exception).Reason);
        }
#pragma warning restore CA1031
    }

    private static LiveState Unavailable(SnapshotClient snapshots, string reason)
    {
        var json = JsonAnswer.Utf8(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("application", snapshots.Application);
            WriteHealth(writer, new(reason, null));
            writer.WriteEndObject();
        });
        return new(json, IsMoving: false);
    }

    private async Task<LiveState> ReadCoreAsync(SnapshotClient snapshots, PageHealth health)
    {
        var reads = (snapshots.ListAsync(Listed), snapshots.ListRestoresAsync(Listed), snapshots.GetScheduleAsync());
        var summaries = await reads.Item1;
        var running = await Task.WhenAll(summaries
            .Where(summary => summary.Status == SnapshotStatus.Running)
            .Take(MaxRunning)
            .Select(summary => snapshots.GetAsync(summary.Id)));
        var restores = await Task.WhenAll((await reads.Item2).Select(restore => restore.IsRunning
            ? snapshots.GetRestoreAsync(restore.Number)
            : Task.FromResult<RestoreView?>(new(restore, []))));
        var schedule = await reads.Item3;
        var json = JsonAnswer.Utf8(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("application", snapshots.Application);
            WriteHealth(writer, health);
            writer.WriteNumber("messagesPerSecond", Math.Round(rate.PerSecond()));
            writer.WritePropertyName("snapshots");
            JsonObjects.WriteArray(writer, summaries, SnapshotJson.Write);
            writer.WritePropertyName("running");
            JsonObjects.WriteArray(
                writer,
                running.OfType<SnapshotView>().Where(view => view.Summary.Status == SnapshotStatus.Running),
                (_, view) => SnapshotApi.WriteUnread(writer, snapshots.Application, view));
            writer.WritePropertyName("restores");
            JsonObjects.WriteArray(writer, restores.OfType<RestoreView>(), RestoreJson.Write);
            writer.WriteStartObject("schedule");
            ScheduleJson.Write(writer, schedule);
            writer.WriteEndObject();
            writer.WriteEndObject();
        });
        return new(json, running.Length > 0 || restores.Any(view => view?.Summary.IsRunning == true));
    }

    private static void WriteHealth(Utf8JsonWriter writer, PageHealth health)
    {
        writer.WriteStartObject("health");
        writer.WriteString(
            "status", health.Obstacle is not null ? "unavailable" : health.Degradation is null ? "ready" : "degraded");
        writer.WriteString("reason", health.Obstacle ?? health.Degradation);
        writer.WriteEndObject();
    }

    /// <summary>The streams that listen to one application, and the loop that reads for them.</summary>
    private sealed class Audience(LiveStates states, SnapshotClient snapshots)
    {
        private readonly Lock _lock = new();
        private readonly HashSet<Listener> _listeners = [];
        private ReadOnlyMemory<byte> _last;
        private bool _isReading;

        public Listener Add()
        {
            lock (_lock)
            {
                var listener = new Listener(Remove);
                _listeners.Add(listener);
                if (!_last.IsEmpty) listener.Offer(_last);
                if (!_isReading) _ = Task.Run(ReadAsync);
                _isReading = true;
                return listener;
            }
        }

        private void Remove(Listener listener)
        {
            lock (_lock)
            {
                if (!_listeners.Remove(listener)) return;
            }

            Interlocked.Decrement(ref states._streams);
        }

        private async Task ReadAsync()
        {
            while (HasListeners())
            {
                var (json, isMoving) = await states.ReadAsync(snapshots);
                lock (_lock)
                {
                    var isNew = !json.Span.SequenceEqual(_last.Span);
                    _last = json;
                    foreach (var listener in _listeners)
                    {
                        if (isNew) listener.Offer(json);
                    }
                }

                await Task.Delay(isMoving ? PeriodWhileRunning : Period);
            }
        }

        /// <summary>Ends the loop when nothing listens: what was read last is then out of date.</summary>
        private bool HasListeners()
        {
            lock (_lock)
            {
                _isReading = _listeners.Count > 0;
                if (!_isReading) _last = default;
                return _isReading;
            }
        }
    }
}

/// <summary>What the page shows of an application.</summary>
/// <param name="Json">The state.</param>
/// <param name="IsMoving">Whether a snapshot or a restore runs, so that it soon is another one.</param>
internal readonly record struct LiveState(ReadOnlyMemory<byte> Json, bool IsMoving);

/// <summary>What one event stream has not sent yet: the newest state alone.</summary>
internal sealed class Listener(Action<Listener> leave) : IDisposable
{
    private readonly Channel<ReadOnlyMemory<byte>> _states = Channel.CreateBounded<ReadOnlyMemory<byte>>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });

    /// <summary>The states as they come.</summary>
    public ChannelReader<ReadOnlyMemory<byte>> States => _states.Reader;

    public void Offer(ReadOnlyMemory<byte> state) => _states.Writer.TryWrite(state);

    public void Dispose() => leave(this);
}
