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
    private readonly ConcurrentDictionary<(string Application, ProcessId Target), Inbox<TMessage>> _inboxes = new();
    private readonly IStreamProvider _streams = services.GetRequiredKeyedService<IStreamProvider>(SnapshotsOptions.StreamProvider);

    /// <summary>Takes over the effects of one commit; returns at once.</summary>
    public void Send(string application, Effects<TMessage> effects)
    {
        foreach (var frame in effects.Frames)
        {
            if (gate is null || !gate.TryHold(frame)) Send(application, frame);
        }

        foreach (var acknowledgement in effects.Acknowledgements)
        {
            while (!Open(application, acknowledgement.Channel.Source).TryAdd(acknowledgement))
            {
                // It was retired meanwhile.
            }

            gate?.Observe(acknowledgement);
        }

        foreach (var notice in effects.Notices)
        {
            while (!Open(application, notice.To).TryAdd(notice))
            {
                // It was retired meanwhile.
            }
        }
    }

    /// <summary>Sends one frame past the gate.</summary>
    public void Send(string application, Frame<TMessage> frame)
    {
        while (!Open(application, frame.Channel.Target).TryAdd(frame))
        {
            // It was retired meanwhile.
        }
    }

    private Inbox<TMessage> Open(string application, ProcessId target) =>
        _inboxes.GetOrAdd((application, target), static (key, courier) => courier.Create(key.Application, key.Target), this);

    private Inbox<TMessage> Create(string application, ProcessId target)
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
            inbox => _inboxes.TryRemove(new((application, target), inbox)),
            stopping.Token);
    }
}
