using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Serialization;
using Orleans.Streams;
using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>
/// Carries the frames of all processes of a silo to the inbox streams, outside the grains' turns: a grain that awaited a publish to
/// a full queue, in the turn that takes frames, would wait for itself. One publish per inbox is under way at a time, which keeps
/// frames in order where it can, and what comes meanwhile leaves together.
/// </summary>
/// <remarks>Safe for concurrent use. A frame that cannot be published is dropped after a while: its channel sends it again.</remarks>
internal sealed class FrameCourier<TMessage>(
    IServiceProvider services,
    IOptions<SnapshotsOptions> options,
    SnapshotInstruments instruments,
    Serializer<TMessage> serializer,
    TimeProvider time,
    SiloStopping stopping,
    ILogger<FrameCourier<TMessage>> logger,
    IFrameGate<TMessage>? gate = null,
    IMessageForm<TMessage>? form = null)
    where TMessage : notnull
{
    /// <summary>By application.</summary>
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<ProcessId, Inbox<TMessage>>> _inboxes = new();
    private readonly IStreamProvider _streams = services.GetRequiredKeyedService<IStreamProvider>(SnapshotsOptions.StreamProvider);

    /// <summary>Takes over the effects of one commit; returns at once.</summary>
    public void Send(string application, Effects<TMessage> effects)
    {
        if (effects.Frames.IsEmpty && effects.Acknowledgements.IsEmpty && effects.Notices.IsEmpty) return;
        var inboxes = InboxesOf(application);
        foreach (var frame in effects.Frames)
        {
            if (gate is null || !gate.TryHold(frame)) Send(application, inboxes, frame);
        }

        foreach (var acknowledgement in effects.Acknowledgements)
        {
            while (!Open(application, inboxes, acknowledgement.Channel.Source).TryAdd(acknowledgement))
            {
                // It was retired meanwhile.
            }

            gate?.Observe(acknowledgement);
        }

        foreach (var notice in effects.Notices)
        {
            while (!Open(application, inboxes, notice.To).TryAdd(notice))
            {
                // It was retired meanwhile.
            }
        }
    }

    /// <summary>Sends one frame past the gate.</summary>
    public void Send(string application, Frame<TMessage> frame) => Send(application, InboxesOf(application), frame);

    private void Send(string application, ConcurrentDictionary<ProcessId, Inbox<TMessage>> inboxes, Frame<TMessage> frame)
    {
        while (!Open(application, inboxes, frame.Channel.Target).TryAdd(frame))
        {
            // It was retired meanwhile.
        }
    }

    private ConcurrentDictionary<ProcessId, Inbox<TMessage>> InboxesOf(string application) => _inboxes.GetOrAdd(application, static _ => new());

    private Inbox<TMessage> Open(string application, ConcurrentDictionary<ProcessId, Inbox<TMessage>> inboxes, ProcessId target)
    {
        if (inboxes.TryGetValue(target, out var inbox)) return inbox;
        return inboxes.GetOrAdd(target, static (target, where) => where.Self.Create(where.application, where.inboxes, target), (Self: this, application, inboxes));
    }

    private Inbox<TMessage> Create(string application, ConcurrentDictionary<ProcessId, Inbox<TMessage>> inboxes, ProcessId target)
    {
        var stream = _streams.GetStream<Packet>(StreamId.Create(SnapshotProcessAttribute.NamespaceOf(application), target.Value));
        return new Inbox<TMessage>(
            target,
            stream,
            new MessageCodec<TMessage>(new PayloadCodec<TMessage>(serializer), form),
            options.Value.MaxFramesPerPacket,
            instruments,
            time,
            logger,
            inbox => inboxes.TryRemove(new(target, inbox)),
            stopping.Token);
    }
}
