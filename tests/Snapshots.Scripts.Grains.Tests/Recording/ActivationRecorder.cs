using Snapshots.Grains;
using Snapshots.Protocol;
using Snapshots.Simulator;

namespace Snapshots.Scripts.Grains.Tests.Recording;

/// <summary>Puts what one activation does into the log of its process.</summary>
internal sealed class ActivationRecorder<TState, TMessage>(
    Lock @lock, ProcessId process, ProcessLog<TState, TMessage> log, ActivationLog<TState, TMessage> activation)
    : IActivationObserver<TState, TMessage>
{
    public void Joined(SnapshotAnnouncement announcement) =>
        Add(new ProcessJoined<TState, TMessage>(process, announcement));

    public void Stepped(Reaction<TState, TMessage> reaction) =>
        Add(new LocalStep<TState, TMessage>(process, reaction.State, reaction.Messages));

    public void Delivered(ProcessId source, TMessage message, Reaction<TState, TMessage> reaction) =>
        Add(new DeliveryStep<TState, TMessage>(process, source, message, reaction.State, reaction.Messages));

    public void Recorded(LocalReport<TState> report) => Add(new CutStep<TState, TMessage>(report));

    public void Writing(WriteWork<TState, TMessage> write)
    {
        lock (@lock)
        {
            activation.Next = new(activation.Replay(write), activation.Last, activation.Unwritten);
            activation.Unwritten = [];
            log.Begin(activation.Next);
        }
    }

    public void Written()
    {
        lock (@lock)
        {
            activation.Last = activation.Next!;
            log.TakeEffect(activation.Last);
            activation.Events.Add(new RecordPersisted<TState, TMessage>(activation.Last.Record));
        }
    }

    public void Performed(Effects<TMessage> effects, IReadOnlyList<Report> reports)
    {
        lock (@lock)
        {
            foreach (var frame in effects.Frames) activation.Events.Add(new FrameSent<TState, TMessage>(frame));
            foreach (var each in effects.Acknowledgements)
                activation.Events.Add(new AcknowledgementSent<TState, TMessage>(each));
            foreach (var report in reports) activation.Events.Add(new ReportSent<TState, TMessage>(report));
        }
    }

    public void Faulted(ChannelFault fault) => Add(new FaultFound<TState, TMessage>(process, fault));

    private void Add(TraceEvent<TState, TMessage> happened)
    {
        lock (@lock)
        {
            activation.Events.Add(happened);
            if (happened is ProcessStep<TState, TMessage> step) activation.Unwritten.Add(step);
        }
    }
}
