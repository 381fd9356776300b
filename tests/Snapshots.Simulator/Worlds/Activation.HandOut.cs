using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <content>What is handed out once it is persisted, and what repeats until it is answered.</content>
internal sealed partial class Activation
{
    private List<Report> TakeReports()
    {
        var reports = _journal.TakeReports();
        var now = _world.Schedule.NowMs;
        if (now >= _reportAgainAtMs)
        {
            reports = [.. Core.UnacceptedReports()];
            _reportAgainAtMs = reports.Count == 0 ? long.MaxValue : now + ReportPauseMs;
        }
        else if (reports.Count > 0 && _reportAgainAtMs == long.MaxValue)
        {
            _reportAgainAtMs = now + ReportPauseMs;
        }

        return reports;
    }

    /// <summary>The one place where effects are performed.</summary>
    private void HandOut(ActivationHandout handout)
    {
        if (!_variant.SendsFirst) HandOutFrames(handout);
        if (!_variant.AcknowledgesFirst) HandOutAcknowledgements(handout);
        foreach (var effects in handout.Effects)
        {
            foreach (var notice in effects.Notices)
            {
                _world.Sightings.Add(Sighting.OldEpochs);
                var other = _world.HostOf(notice.To);
                _world.Network.Send(new(_host.Number, other.Number), () => other.Take(notice));
            }

            if (!effects.Faults.IsEmpty && IsStale)
            {
                Die("stale"); // An impossible input is first taken for a stale activation.
                _host.Lost();
                return;
            }

            foreach (var fault in effects.Faults) _world.Record(new FaultFound<LedgerState, LedgerMessage>(_host.Id, fault));
        }

        foreach (var report in handout.Reports) Send(report);
        foreach (var (request, isAccepted) in handout.Answers) Answer(request, isAccepted);
        if (Core.IsUnfinished) TickLater(TickMs);
    }

    private void HandOutFrames(ActivationHandout handout)
    {
        foreach (var effects in handout.Effects)
        {
            foreach (var frame in effects.Frames)
            {
                if (frame.Content is VoidContent<LedgerMessage>) _world.Sightings.Add(Sighting.VoidFrames);
                if (frame.Content is MessageContent<LedgerMessage> { Message.IsReturn: true }) _world.Sightings.Add(Sighting.ReturnedMoney);
                _world.Record(new FrameSent<LedgerState, LedgerMessage>(frame));
                var target = _world.HostOf(frame.Channel.Target);
                _world.Network.Send(new(_host.Number, target.Number), () => target.Take(frame), isFrame: true);
            }
        }
    }

    private void HandOutAcknowledgements(ActivationHandout handout)
    {
        foreach (var effects in handout.Effects)
        {
            foreach (var acknowledgement in effects.Acknowledgements)
            {
                _world.Record(new AcknowledgementSent<LedgerState, LedgerMessage>(acknowledgement));
                var source = _world.HostOf(acknowledgement.Channel.Source);
                _world.Network.Send(new(_host.Number, source.Number), () => source.Take(acknowledgement));
            }
        }
    }

    private void Send(Report report)
    {
        if (report is OverflowReport) _world.Sightings.Add(Sighting.RecordingOverflows);
        _world.Record(new ReportSent<LedgerState, LedgerMessage>(report));
        if (_world.CollectorOf(report.Snapshot) is not { } collector || _host.IsLostWith(report)) return;
        var part = collector.PartOf(report.Process);
        _world.Network.Send(new(_host.Number, part.End), () => part.Take(report));
    }

    private void Answer(LedgerRequest request, bool isAccepted)
    {
        long? identity = request.IsDeposit ? null : new LedgerMessage(request.Key, request.Amount, IsReturn: false).Identity;
        _world.Record(new RequestAnswered<LedgerState, LedgerMessage>(_host.Id, request.Key, isAccepted, identity));
        var client = _world.Clients[_host.Number];
        _world.Network.Send(new(_host.Number, Link.FirstClient + _host.Number), () => client.Answer(request.Key));
    }

    private void TickLater(int delayMs)
    {
        if (_isTicking || IsDead) return;
        _isTicking = true;
        _world.Schedule.After(delayMs, Tick);
    }

    private void Tick()
    {
        _isTicking = false;
        if (IsDead) return;
        Core.Resend(_world.Now);
        if (Core.OpenRecordings > 0) AskForEnds();
        if (!Core.IsUnfinished && Core.Revision == _persistedRevision) return;
        Commit();
        TickLater(TickMs);
    }

    private void AskForEnds() => _world.Network.Send(new(_host.Number, Link.Office), () =>
    {
        var announcement = _world.Office.Announcement;
        _world.Network.Send(new(Link.Office, _host.Number), () => _host.Learn(announcement));
    });
}
