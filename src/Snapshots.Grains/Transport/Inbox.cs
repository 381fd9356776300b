using Microsoft.Extensions.Logging;
using Orleans.Streams;
using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>
/// What waits in this silo for one process's inbox stream, and the loop that publishes it. Once nothing waits it is retired, takes
/// nothing more and can be forgotten: else a silo would keep one for every process that it ever sent to.
/// </summary>
internal sealed partial class Inbox<TMessage>(
    ProcessId target,
    IAsyncStream<Packet> stream,
    MessageCodec<TMessage> messages,
    int maxFramesPerPacket,
    SnapshotInstruments instruments,
    TimeProvider time,
    ILogger logger,
    Action<Inbox<TMessage>> retire,
    CancellationToken stopping)
    where TMessage : notnull
{
    /// <summary>Items that may wait. The windows bound first transmissions; this bounds what is sent again meanwhile.</summary>
    private const int MaxWaiting = 65_536;
    private const int MaxTries = 100;
    private const int MaxPauseMs = 200;

    /// <summary>
    /// How long the first item waits for company, and longer where all processors are busy. Nobody waits for it: callers are answered
    /// before their frames leave.
    /// </summary>
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
    private bool _retired;

    /// <summary>False, and nothing is done, when the inbox is retired; so with the other two.</summary>
    public bool TryAdd(Frame<TMessage> frame)
    {
        lock (_lock)
        {
            if (_retired) return false;
            if (_frames.Count >= MaxWaiting)
            {
                instruments.FramesDropped.Add(1);
                return true;
            }

            _frames.Enqueue(frame);
            _frameCame.Set();
            Start();
            return true;
        }
    }

    public bool TryAdd(Acknowledgement acknowledgement)
    {
        lock (_lock)
        {
            if (_retired) return false;

            // Acknowledgements are cumulative, so the highest of a channel stands for all.
            if (_acknowledgements.TryGetValue(acknowledgement.Channel, out var waiting)
                && waiting.Epoch == acknowledgement.Epoch
                && waiting.UpTo > acknowledgement.UpTo) return true;
            _acknowledgements[acknowledgement.Channel] = acknowledgement;
            Start();
            return true;
        }
    }

    public bool TryAdd(EpochNotice notice)
    {
        lock (_lock)
        {
            if (_retired) return false;
            if (!_notices.Contains(notice)) _notices.Add(notice);
            Start();
            return true;
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
            if (await TryPublishAsync(content).ConfigureAwait(false)) instruments.FramesSent.Add(content.Frames.Count);
            else instruments.FramesDropped.Add(content.Frames.Count);
        }
    }

    private async Task GatherAsync()
    {
        bool hasFrames;
        lock (_lock) hasFrames = _frames.Count > 0;
        if (!hasFrames) await _frameCame.WaitAsync(AcknowledgementPause, time, CancellationToken.None).ConfigureAwait(false);
        await Task.Delay(FramePause, time).ConfigureAwait(false);
        await PoolTrips.MakeAsync().ConfigureAwait(false);
    }

    private PacketContent<TMessage>? Take()
    {
        lock (_lock)
        {
            if (_frames.Count == 0 && _acknowledgements.Count == 0 && _notices.Count == 0)
            {
                retire(this); // Forgotten first: who finds it retired finds a new one in its place.
                _retired = true;
                return null;
            }

            var frames = new Frame<TMessage>[Math.Min(_frames.Count, maxFramesPerPacket)];
            for (var index = 0; index < frames.Length; index++) frames[index] = _frames.Dequeue();
            var acknowledgements = TakeAcknowledgements();
            var content = new PacketContent<TMessage>(frames, acknowledgements, [.. _notices]);
            _notices.Clear();
            return content;
        }
    }

    private Acknowledgement[] TakeAcknowledgements()
    {
        if (_acknowledgements.Count > maxFramesPerPacket)
        {
            var some = _acknowledgements.Values.Take(maxFramesPerPacket).ToArray();
            foreach (var acknowledgement in some) _acknowledgements.Remove(acknowledgement.Channel);
            return some;
        }

        Acknowledgement[] all = [.. _acknowledgements.Values];
        _acknowledgements.Clear();
        return all;
    }

    /// <summary>False when the content is given up. Nothing is thrown: the loop goes on with what came meanwhile.</summary>
    private async Task<bool> TryPublishAsync(PacketContent<TMessage> content)
    {
        try
        {
            return await PublishAsync(_codec.Encode(target, content)).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            LogNotEncoded(logger, target, exception);
            return false;
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

    [LoggerMessage(2, LogLevel.Error, "Frames for {Target} cannot be encoded; they are dropped.")]
    private static partial void LogNotEncoded(ILogger logger, ProcessId target, Exception exception);
}
