using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>Hands what a participant has handed out to the network.</summary>
internal sealed class EffectSender(World world, ProcessHost host)
{
    public void SendFrames(Handout<LedgerMessage> handout)
    {
        foreach (var each in handout.Effects.Frames)
        {
            var frame = each with { }; // Of its own, so that a trace shows which sending arrived.
            if (frame.Content is VoidContent<LedgerMessage>) world.Sightings.Add(Sighting.VoidFrames);
            if (frame.Content is MessageContent<LedgerMessage> { Message.IsReturn: true }) world.Sightings.Add(Sighting.ReturnedMoney);
            world.Record(new FrameSent<LedgerState, LedgerMessage>(frame));
            var target = world.HostOf(frame.Channel.Target);
            world.Network.Send(new(host.Number, target.Number), () => target.Take(frame), isFrame: true);
        }
    }

    public void SendAcknowledgements(Handout<LedgerMessage> handout)
    {
        foreach (var acknowledgement in handout.Effects.Acknowledgements)
        {
            world.Record(new AcknowledgementSent<LedgerState, LedgerMessage>(acknowledgement));
            var source = world.HostOf(acknowledgement.Channel.Source);
            world.Network.Send(new(host.Number, source.Number), () => source.Take(acknowledgement));
        }
    }

    /// <summary>Sends what is neither a frame nor an acknowledgement.</summary>
    public void SendOthers(Handout<LedgerMessage> handout)
    {
        foreach (var notice in handout.Effects.Notices)
        {
            world.Sightings.Add(Sighting.OldEpochs);
            var other = world.HostOf(notice.To);
            world.Network.Send(new(host.Number, other.Number), () => other.Take(notice));
        }

        foreach (var fault in handout.Effects.Faults) world.Record(new FaultFound<LedgerState, LedgerMessage>(host.Id, fault));
        foreach (var report in handout.Reports) Send(report);
        if (handout.Release is { } token) Release(token);
    }

    public void Send(Report report)
    {
        if (report is OverflowReport) world.Sightings.Add(Sighting.RecordingOverflows);
        world.Record(new ReportSent<LedgerState, LedgerMessage>(report));
        if (world.CollectorOf(report.Snapshot) is not { } collector || host.IsLostWith(report)) return;
        var part = collector.PartOf(report.Process);
        world.Network.Send(new(host.Number, part.End), () => part.Take(report));
    }

    public void Release(WorkToken token)
    {
        var shard = world.ShardOf(host.Id);
        world.Network.Send(new(host.Number, shard.End), () => shard.Note(new(host.Id, token, IsPending: false), static _ => { }));
    }

    public void Answer(LedgerRequest request, bool isAccepted, Epoch epoch)
    {
        long? identity = request.IsDeposit ? null : new LedgerMessage(request.Key, request.Amount, IsReturn: false).Identity;
        world.Record(new RequestAnswered<LedgerState, LedgerMessage>(host.Id, request.Key, isAccepted, identity) { Epoch = epoch });
        var client = world.Clients[host.Number];
        world.Network.Send(new(host.Number, client.End), () => client.Answer(host.Id, request.Key, epoch));
    }
}
