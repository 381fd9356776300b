using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Snapshots.Protocol;

namespace Snapshots.Grains.Tests;

/// <summary>
/// A bad network: of first transmissions some are lost, some come twice, some come after those that follow.
/// </summary>
internal sealed class LossyGate(IServiceProvider services) : IFrameGate<Letter>
{
    private readonly ConcurrentDictionary<(ChannelId Channel, FrameNumber Number), bool> _seen = new();
    private readonly ConcurrentDictionary<ChannelId, Frame<Letter>> _late = new();
    private int _lost;
    private int _repeated;
    private int _reordered;

    public (int Lost, int Repeated, int Reordered) Harm => (_lost, _repeated, _reordered);

    public bool TryHold(Frame<Letter> frame)
    {
        if (!_seen.TryAdd((frame.Channel, frame.First), true)) return false;
        var courier = services.GetRequiredService<FrameCourier<Letter>>();
        var held = false;
        switch ((frame.First.Value + frame.Channel.Source.Value.Length) % 5)
        {
            case 0:
                Interlocked.Increment(ref _lost);
                return true;
            case 1:
                Interlocked.Increment(ref _repeated);
                courier.Send(LetterApplication.Name, frame);
                break;
            case 2 when _late.TryAdd(frame.Channel, frame):
                return true;
            default:
                held = true;
                break;
        }

        if (held && _late.TryRemove(frame.Channel, out var late))
        {
            Interlocked.Increment(ref _reordered);
            courier.Send(LetterApplication.Name, frame);
            courier.Send(LetterApplication.Name, late);
            return true;
        }

        return false;
    }

    public void Observe(Acknowledgement acknowledgement)
    {
    }
}
