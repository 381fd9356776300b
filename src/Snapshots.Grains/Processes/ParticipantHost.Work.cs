using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <content>What the participant asks for: its I/O, its effects, its timer, and its end.</content>
internal sealed partial class ParticipantHost<TState, TMessage>
{
    /// <summary>
    /// The largest report that a shard keeps: it has those of many processes in a row, in memory, and in one answer.
    /// </summary>
    private const long MaxRestBytes = 64 * 1024;

    private async Task PerformAsync(ParticipantWork work)
    {
        try
        {
            await DoAsync(work);
        }
        catch (Exception exception)
        {
            Participant.Failed(exception.Message);
            if (Participant.Failure is not null) Over(exception);
            else
            {
                _services.Failures.Note(work.GetType().Name, Self, exception);
                if (work is not RestWork) FailJoining(exception);
            }
        }

        if (_failure is not null) return;
        if (Participant.Failure is { } failure)
        {
            if (Participant.IsDamaged)
            {
                if (_damage is { } known) Stop(known);
                else Damaged(new DamagedStateException(_grain.GrainContext.GrainId, failure));
                _participant = Create(stored: null);
            }
            else Over(new InvalidOperationException(failure));
            return;
        }

        if (Participant.IsReady || (Participant.HasJoined && !Participant.IsOpen)) CompleteJoining();
        _durable.Release(Participant.DurableRevision);
        SetTimer();
    }

    private async Task DoAsync(ParticipantWork work)
    {
        switch (work)
        {
            case LookUpWork:
                var isRegistered = await Shard.IsRegisteredAsync(Self);
                Participant.LookedUp(isRegistered, isStored: isRegistered && _damage is null && await _journal.ReadAsync() is not null);
                if (_damage is { } damage && !isRegistered && !Participant.HasJoined) ForgetDamage(damage);
                _mayBeNew = false;
                break;
            case RegisterWork:
                var registration = await Shard.RegisterAsync(Self, _grain.GrainContext.GrainId, _isByMessage);
                Participant.Registered(registration.Epoch, registration.Announcement, Now);
                _observation?.Observer.Joined(_services.ParticipantOptions.RecordsWhatIsOpen ? registration.Announcement : SnapshotAnnouncement.None);
                _observation?.Look();
                break;
            case AskGateWork:
                Participant.Answered(await Shard.GetGateAsync(), Now);
                break;
            case RestWork rest:
                var report = Encode(rest.Report);
                var isKept = ReportForms.BytesOf(report) <= MaxRestBytes;
                if (isKept) await Shard.RestAsync(rest.Mark, report.ToWire());
                Participant.Told(isKept);
                if (isKept) _services.Instruments.Rests.Add(1);
                break;
            case AwakeWork awake:
                Participant.Awoken(await Shard.AwakeAsync(Self, awake.Mark), Now);
                _services.Instruments.Awakenings.Add(1);
                _observation?.Look();
                break;
            case EnlistWork enlist:
                await _services.Unfinished.NoteAsync(_application, new UnfinishedNote(Self, enlist.Token.Value, Unfinished: true));
                Participant.Enlisted();
                break;
            default:
                await WriteAsync((WriteWork<TState, TMessage>)work);
                break;
        }
    }

    private async Task WriteAsync(WriteWork<TState, TMessage> write)
    {
        var bytes = ReadOnlyMemory<byte>.Empty;
        if (!write.IsEmpty)
        {
            _observation?.Observer.Writing(write);
            bytes = write.Checkpoint is { } checkpoint ? _codec.Encode(checkpoint) : _codec.Encode(write.Entry!, write.StateBefore);
            await (write.Checkpoint is null ? _journal.AppendAsync(bytes) : _journal.ReplaceAsync(bytes));
            _observation?.Observer.Written();
            _services.Instruments.Commits.Add(1);
        }

        Perform(Participant.Completed(write, bytes.Length, Now));
        Count();
    }

    private void Perform(Handout<TMessage> handout)
    {
        if (handout.IsEmpty) return;
        _observation?.Observer.Performed(handout.Effects, handout.Reports);
        _frames.Send(_application, handout.Effects);
        foreach (var report in handout.Reports) Send(report);
        if (handout.Release is { } token)
        {
            _ = _services.Unfinished.NoteAsync(_application, new UnfinishedNote(Self, token.Value, Unfinished: false));
        }

        foreach (var fault in handout.Effects.Faults)
        {
            _services.Instruments.Faults.Add(1);
            _observation?.Observer.Faulted(fault);
            ProcessLog.Fault(_services.Logger, fault.Channel, fault.Kind, fault.Detail);
        }

        UpdateWatch();
    }

    private void Send(Report report)
    {
        if (report is LocalReport<TState>)
            SnapshotTracing.Start("record", _application, report.Snapshot)?.SetTag("snapshots.process", Self.Value).Dispose();
        _services.Reports.Send(_application, this, Encode(report));
    }

    private Report Encode(Report report) => report switch
    {
        LocalReport<TState> local => new LocalReport<StatePayload>(
            local.Snapshot,
            local.Epoch,
            local.Process,
            new(_states.ToPayload(local.State), RequestMemoryCodec.ToPayload(local.Requests))
            {
                Flight = _flight?.Read(WallMs - Now.Milliseconds) ?? [],
            },
            local.Sent,
            local.Delivered),
        ChannelReport<TMessage> channel => new ChannelReport<Payload>(
            channel.Snapshot,
            channel.Epoch,
            channel.Process,
            channel.Source,
            channel.DeliveredBefore,
            [.. channel.Messages.Select(_messages.General.ToPayload)]),
        _ => report,
    };

    /// <summary>
    /// The activation ends; the next one starts from what is stored. It is woken, since work may be left.
    /// </summary>
    private void Over(Exception exception)
    {
        _services.Instruments.CommitFailures.Add(1);
        ProcessLog.NotPersisted(_services.Logger, Self, exception);
        Fail(new NotPersistedException(Self, exception.Message));
        if (Participant.HasJoined) _services.Waker.WakeLater(_grain.GrainContext.GrainId, lastWrite: Task.CompletedTask);
        _grain.DeactivateOnIdle();
    }

    private void Damaged(DamagedStateException damage)
    {
        _services.Instruments.Damaged.Add(1);
        _services.Health.IsDamaged(_grain.GrainContext.GrainId.ToString(), damage.Message);
        ProcessLog.Damaged(_services.Logger, Self, damage.Message);
        _damage = damage;
        _participant ??= Create(stored: null);
        _look ??= _grain.RegisterGrainTimer(LookAsync, new GrainTimerCreationOptions(LookPeriod, LookPeriod) { Interleave = true });
        Stop(damage);
    }

    /// <summary>
    /// A damaged activation may be stale: another one was closed, and has applied a part. This one writes nothing, so it
    /// would never find out, and keep callers and frames from the process.
    /// </summary>
    private async Task LookAsync()
    {
        if (!IsWaiting() || await _journal.IsCurrentAsync() || !IsWaiting()) return;
        Fail(new NotPersistedException(Self, "another activation has written"));
        _grain.DeactivateOnIdle();

        bool IsWaiting() => _damage is not null && _failure is null && !Participant.HasJoined;
    }

    /// <summary>The process has made no step: an empty record takes the place of what is damaged.</summary>
    private void ForgetDamage(DamagedStateException damage)
    {
        ProcessLog.NeverRegistered(_services.Logger, Self, damage.Message);
        _services.Health.IsNotDamaged(_grain.GrainContext.GrainId.ToString());
        _damage = null;
    }

    private void Fail(Exception failure)
    {
        _failure = failure;
        Stop(failure);
    }

    /// <summary>No caller waits for this activation any longer, and the silo's watch tells it nothing.</summary>
    private void Stop(Exception failure)
    {
        Watch([]);
        _services.Instruments.Waits(this, null);
        FailJoining(failure);
        _durable.Fail(failure);
        Waiting.Fail(failure);
    }

    private void CompleteJoining()
    {
        if (!Participant.IsOpen)
        {
            FailJoining(new RestoringException());
            return;
        }

        foreach (var joined in _joining) joined.TrySetResult();
        _joining.Clear();
    }

    private void FailJoining(Exception failure)
    {
        foreach (var joined in _joining) joined.TrySetException(failure);
        _joining.Clear();
    }

    private void SetTimer()
    {
        if (_isLeaving || Participant.DueAt is not { } due || (_timerAt is { } sooner && sooner <= due)) return;
        _timerAt = due;
        var pause = TimeSpan.FromMilliseconds(Math.Max(1, due.Milliseconds - Now.Milliseconds));
        if (_timer is { } timer) timer.Change(pause, Timeout.InfiniteTimeSpan);
        else
        {
            _timer = _grain.RegisterGrainTimer(
                TickAsync, new GrainTimerCreationOptions(pause, Timeout.InfiniteTimeSpan) { Interleave = true, KeepAlive = true });
        }
    }

    private Task TickAsync()
    {
        _timerAt = null;
        if (_failure is not null) return Task.CompletedTask;
        Participant.Tick(Now);
        Count();
        _services.Instruments.Waits(this, Now.Milliseconds - Participant.UnacknowledgedSince?.Milliseconds);
        Poke();
        return Task.CompletedTask;
    }

    /// <summary>Puts into the metrics what the process has counted since the last time.</summary>
    private void Count()
    {
        var counters = Participant.Counters;
        _services.Instruments.FramesResent.Add(counters.Resent - _counted.Resent);
        _services.Instruments.Markers.Add(counters.Markers - _counted.Markers);
        _counted = counters;
    }

    /// <summary>
    /// The silo's watch is to know which snapshots this activation has recorded and does not know to have ended.
    /// </summary>
    private void UpdateWatch()
    {
        // An activation that leaves must not come back by its last write: the silo would ask and tell for it for ever.
        if (!_isLeaving && _failure is null) Watch(Participant.OpenRecordings);
    }

    private void Watch(IReadOnlyCollection<SnapshotNumber> recordings)
    {
        if (recordings.Count == _watched.Length && recordings.SequenceEqual(_watched)) return;
        foreach (var ended in _watched.Except(recordings)) _services.Watch.Remove(_application, ended, this);
        foreach (var begun in recordings.Except(_watched)) _services.Watch.Add(_application, begun, this);
        _watched = [.. recordings];
    }
}
