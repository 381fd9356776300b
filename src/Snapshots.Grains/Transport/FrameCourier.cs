using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Serialization;
using Orleans.Streams;
using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>
/// Carries the frames of all processes of a silo to the queues of their inboxes, outside the grains' turns: a grain
/// that waited for a full queue, in the turn that takes frames, would wait for itself. One call per queue is under way
/// at a time, with the packets of many inboxes. This keeps frames in order where it can.
/// </summary>
/// <remarks>
/// Safe for concurrent use. A frame that cannot be put on its queue is dropped after a while: its channel sends it
/// again.
/// </remarks>
internal sealed partial class FrameCourier<TMessage>
    where TMessage : notnull
{
    /// <summary>Inboxes that one call serves at most.</summary>
    private const int MaxInboxesPerCall = 1024;

    /// <summary>Bytes of packets after which a call leaves, with what it has.</summary>
    private const long MaxBytesPerCall = 1024 * 1024;

    /// <summary>
    /// Tries of one call to a queue that is full or cannot be reached; with the pauses, about 20 seconds.
    /// </summary>
    private const int MaxTries = 100;
    private static readonly Backoff Pauses = new(FirstMs: 5, MaxMs: 200);

    /// <summary>
    /// How long inboxes gather frames. Callers are answered before their frames leave, so no answer waits for this.
    /// </summary>
    private static readonly Pace Pace = new(LeastMs: 5, PerItemMs: 0.4, MostMs: 50);

    /// <summary>By application.</summary>
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<ProcessId, Inbox<TMessage>>> _inboxes = new();
    private readonly ConcurrentDictionary<QueueId, PacketCodec<TMessage>> _codecs = new();
    private readonly Batcher<QueueId, Listed> _batcher;
    private readonly IPacketSender _queues;
    private readonly SnapshotInstruments _instruments;
    private readonly TimeProvider _time;
    private readonly SiloStopping _stopping;
    private readonly ILogger _logger;
    private readonly IFrameGate<TMessage>? _gate;
    private readonly Func<PacketCodec<TMessage>> _createCodec;
    private readonly int _maxPerPacket;
    private readonly LogLimit _givenUp;
    private readonly LogLimit _notEncoded;

    public FrameCourier(
        IPacketSender queues,
        IOptions<SnapshotsOptions> options,
        SnapshotInstruments instruments,
        Serializer<TMessage> serializer,
        TimeProvider time,
        SiloStopping stopping,
        ILogger<FrameCourier<TMessage>> logger,
        IFrameGate<TMessage>? gate = null,
        IMessageForm<TMessage>? form = null)
    {
        (_queues, _instruments, _time, _stopping, _logger, _gate) = (queues, instruments, time, stopping, logger, gate);
        _createCodec = () => new(new(new(serializer), form)); // A codec is for one thread at a time.
        _maxPerPacket = options.Value.MaxFramesPerPacket;
        (_givenUp, _notEncoded) = (new(time), new(time));
        _batcher = new(
            CallAsync,
            (_, _, exception) => LogGivenUp(_logger, 0, exception),
            new BatchLimits(MaxInboxesPerCall, int.MaxValue), // An inbox is listed once.
            gather: last => Task.Delay(Pace.After(last), time));
    }

    /// <summary>Takes over the effects of one commit; returns at once.</summary>
    public void Send(string application, Effects<TMessage> effects)
    {
        if (effects.Frames.IsEmpty && effects.Acknowledgements.IsEmpty && effects.Notices.IsEmpty) return;
        var inboxes = InboxesOf(application);
        foreach (var frame in effects.Frames)
        {
            if (_gate is null || !_gate.TryHold(frame)) Send(application, inboxes, frame);
        }

        foreach (var acknowledgement in effects.Acknowledgements)
        {
            Inbox<TMessage> inbox;
            do
            {
                inbox = Open(application, inboxes, acknowledgement.Channel.Source);
            }
            while (!TryList(inboxes, inbox, inbox.Add(acknowledgement)));
            _gate?.Observe(acknowledgement);
        }

        foreach (var notice in effects.Notices)
        {
            Inbox<TMessage> inbox;
            do
            {
                inbox = Open(application, inboxes, notice.To);
            }
            while (!TryList(inboxes, inbox, inbox.Add(notice)));
        }
    }

    /// <summary>Sends one frame past the gate.</summary>
    public void Send(string application, Frame<TMessage> frame) => Send(application, InboxesOf(application), frame);

    private void Send(
        string application, ConcurrentDictionary<ProcessId, Inbox<TMessage>> inboxes, Frame<TMessage> frame)
    {
        Inbox<TMessage> inbox;
        do
        {
            inbox = Open(application, inboxes, frame.Channel.Target);
        }
        while (!TryList(inboxes, inbox, inbox.Add(frame)));
    }

    /// <summary>False when the inbox was retired meanwhile: another one takes its place.</summary>
    private bool TryList(ConcurrentDictionary<ProcessId, Inbox<TMessage>> inboxes, Inbox<TMessage> inbox, Added added)
    {
        if (added == Added.Dropped) _instruments.FramesDropped.Add(1);
        if (added == Added.First && !_stopping.Token.IsCancellationRequested)
        {
            _batcher.TryAdd(inbox.Queue, new(inboxes, inbox));
        }

        return added != Added.Retired;
    }

    private ConcurrentDictionary<ProcessId, Inbox<TMessage>> InboxesOf(string application) =>
        _inboxes.GetOrAdd(application, static _ => new());

    private Inbox<TMessage> Open(
        string application, ConcurrentDictionary<ProcessId, Inbox<TMessage>> inboxes, ProcessId target)
    {
        if (inboxes.TryGetValue(target, out var inbox)) return inbox;
        return inboxes.GetOrAdd(
            target,
            static (target, where) => where.Self.Create(where.application, target),
            (Self: this, application));
    }

    private Inbox<TMessage> Create(string application, ProcessId target)
    {
        var stream = StreamId.Create(SnapshotProcessAttribute.NamespaceOf(application), target.Value);
        return new Inbox<TMessage>(target, stream, _queues.QueueOf(stream), _maxPerPacket, _time);
    }

    private async Task CallAsync(QueueId queue, Listed[] inboxes)
    {
        var codec = _codecs.GetOrAdd(queue, static (_, create) => create(), _createCodec);
        var packets = new List<InboxPacket>(inboxes.Length);
        var (frames, bytes) = (0, 0L);
        foreach (var listed in inboxes)
        {
            var content = listed.One.Take(out var isRetired);
            if (isRetired) listed.All.TryRemove(new(listed.One.Target, listed.One));
            else _batcher.TryAdd(queue, listed); // More may wait, or come.
            if (content is null || TryEncode(codec, listed.One.Target, content) is not { } packet) continue;
            packets.Add(new(listed.One.Stream, packet));
            frames += content.Frames.Count;
            bytes += packet.Body.Length;
            if (bytes < MaxBytesPerCall) continue;
            await SendAsync(queue, [.. packets], frames).ConfigureAwait(false);
            packets.Clear();
            (frames, bytes) = (0, 0);
        }

        if (packets.Count > 0) await SendAsync(queue, [.. packets], frames).ConfigureAwait(false);
    }

    private Packet? TryEncode(PacketCodec<TMessage> codec, ProcessId target, PacketContent<TMessage> content)
    {
        try
        {
            return codec.Encode(target, content);
        }
        catch (Exception exception)
        {
            _instruments.FramesDropped.Add(content.Frames.Count);
            if (_notEncoded.TryPass(out var held)) LogNotEncoded(_logger, target, held, exception);
            return null;
        }
    }

    /// <summary>
    /// A full queue refuses: that is back-pressure, so wait and send again. What stays refused is dropped.
    /// </summary>
    private async Task SendAsync(QueueId queue, InboxPacket[] packets, int frames)
    {
        Exception? failure = null;
        for (var retry = 0; retry < MaxTries && !_stopping.Token.IsCancellationRequested; retry++)
        {
            try
            {
                if (await _queues.TrySendAsync(queue, packets).ConfigureAwait(false))
                {
                    _instruments.Packets.Add(packets.Length);
                    _instruments.FramesSent.Add(frames);
                    return;
                }
            }
            catch (Exception exception)
            {
                failure = exception;
            }

            _instruments.PublishRetries.Add(1);
            await Task.Delay(Pauses.Pause(retry), _time, _stopping.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _instruments.FramesDropped.Add(frames);
        if (_stopping.Token.IsCancellationRequested || !_givenUp.TryPass(out var held)) return;
        LogGivenUp(_logger, held, failure);
    }

    /// <summary>An inbox with something to send, and where it is removed from once nothing waits in it.</summary>
    private readonly record struct Listed(
        ConcurrentDictionary<ProcessId, Inbox<TMessage>> All, Inbox<TMessage> One);

    [LoggerMessage(
        1,
        LogLevel.Warning,
        "A queue stays full or cannot be reached; frames are dropped and will be sent again ({Held} times before).")]
    private static partial void LogGivenUp(ILogger logger, long held, Exception? exception);

    [LoggerMessage(2, LogLevel.Error, "Frames for {Target} cannot be encoded; they are dropped ({Held} times before).")]
    private static partial void LogNotEncoded(ILogger logger, ProcessId target, long held, Exception exception);
}
