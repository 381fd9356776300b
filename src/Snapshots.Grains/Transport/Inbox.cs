using Microsoft.Extensions.Logging;
using Orleans.Streams;
using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>What waits in this silo for one process's inbox stream, and the loop that publishes it.</summary>
internal sealed partial class Inbox<TMessage>(
    ProcessId target,
    IAsyncStream<Packet> stream,
    PayloadCodec<TMessage> messages,
    int maxFramesPerPacket,
    SnapshotInstruments instruments,
    TimeProvider time,
    ILogger logger,
    CancellationToken stopping)
    where TMessage : notnull
{
    /// <summary>Items that may wait. The windows bound first transmissions; this bounds what is sent again meanwhile.</summary>
    private const int MaxWaiting = 65_536;
    private const int MaxTries = 100;
    private const int MaxPauseMs = 200;

    /// <summary>How long the first item waits for company. Nobody waits for it: callers are answered before their frames leave.</summary>
    private static readonly TimeSpan FramePause = TimeSpan.FromMilliseconds(5);

    /// <summary>How long acknowledgements wait for a frame to travel with.</summary>
    private static readonly TimeSpan AcknowledgementPause = TimeSpan.FromMilliseconds(25);

    private readonly Lock _lock = new();
    private readonly PacketCodec<TMessage> _codec = new(messages);
    private readonly Queue<Frame<TMessage>> _frames = [];
    private readonly Dictionary<ChannelId, Acknowledgement> _acknowledgements = [];
    private readonly List<EpochNotice> _notices = [];
    private readonly AsyncSignal _frameCame = new();
    private bool _running;

    public void Add(Frame<TMessage> frame)
    {
        lock (_lock)
        {
            if (_frames.Count >= MaxWaiting)
            {
                instruments.FramesDropped.Add(1);
                return;
            }

            _frames.Enqueue(frame);
            _frameCame.Set();
            Start();
        }
    }

    public void Add(Acknowledgement acknowledgement)
    {
        lock (_lock)
        {
            // Acknowledgements are cumulative, so the highest of a channel stands for all.
            if (_acknowledgements.TryGetValue(acknowledgement.Channel, out var waiting)
                && waiting.Epoch == acknowledgement.Epoch
                && waiting.UpTo > acknowledgement.UpTo) return;
            _acknowledgements[acknowledgement.Channel] = acknowledgement;
            Start();
        }
    }

    public void Add(EpochNotice notice)
    {
        lock (_lock)
        {
            if (!_notices.Contains(notice)) _notices.Add(notice);
            Start();
        }
    }

    private void Start()
    {
        if (_running || stopping.IsCancellationRequested) return;
        _running = true;
        _ = Task.Run(RunAsync);
    }

    private async Task RunAsync()
    {
        while (true)
        {
            await GatherAsync().ConfigureAwait(false);
            if (Take() is not { } content) return;
            var packet = _codec.Encode(target, content);
            if (!await PublishAsync(packet).ConfigureAwait(false)) instruments.FramesDropped.Add(content.Frames.Count);
            else instruments.FramesSent.Add(content.Frames.Count);
        }
    }

    private async Task GatherAsync()
    {
        bool hasFrames;
        lock (_lock) hasFrames = _frames.Count > 0;
        if (!hasFrames) await _frameCame.WaitAsync(AcknowledgementPause, time, CancellationToken.None).ConfigureAwait(false);
        await Task.Delay(FramePause, time).ConfigureAwait(false);
    }

    private PacketContent<TMessage>? Take()
    {
        lock (_lock)
        {
            if (_frames.Count == 0 && _acknowledgements.Count == 0 && _notices.Count == 0)
            {
                _running = false;
                return null;
            }

            var frames = new Frame<TMessage>[Math.Min(_frames.Count, maxFramesPerPacket)];
            for (var index = 0; index < frames.Length; index++) frames[index] = _frames.Dequeue();
            var content = new PacketContent<TMessage>(frames, [.. _acknowledgements.Values], [.. _notices]);
            _acknowledgements.Clear();
            _notices.Clear();
            return content;
        }
    }

    /// <summary>A full queue refuses: that is back-pressure, so wait and publish again. False when the stream stays closed.</summary>
    private async Task<bool> PublishAsync(Packet packet)
    {
        for (var attempt = 1; attempt <= MaxTries && !stopping.IsCancellationRequested; attempt++)
        {
            try
            {
                await stream.OnNextAsync(packet).ConfigureAwait(false);
                instruments.Packets.Add(1);
                return true;
            }
            catch (Exception exception)
            {
                instruments.PublishRetries.Add(1);
                if (attempt == MaxTries) LogGivenUp(logger, target, exception);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(MaxPauseMs, 5 * attempt)), time).ConfigureAwait(false);
        }

        return false;
    }

    [LoggerMessage(1, LogLevel.Warning, "The stream refuses frames for {Target}; they are dropped and will be sent again.")]
    private static partial void LogGivenUp(ILogger logger, ProcessId target, Exception exception);
}
