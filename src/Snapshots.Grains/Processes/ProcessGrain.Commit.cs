using System.Collections.Immutable;
using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <content>Persist, then perform; and what repeats until it is answered.</content>
public abstract partial class ProcessGrain<TState, TMessage>
{
    /// <summary>After which time a report that got no receipt is sent again; twice as long each time, up to the last.</summary>
    private const long FirstReportPauseMs = 2000;
    private const long LastReportPauseMs = 32_000;

    private readonly LinkedList<TaskCompletionSource> _waitersForRoom = [];

    /// <summary>The snapshots of which the silo's watch tells this activation.</summary>
    private ImmutableArray<SnapshotNumber> _watched = [];

    /// <summary>When what got no receipt is to be reported again; none while every report has got one.</summary>
    private Instant? _reportAgainAt;
    private long _reportPauseMs = FirstReportPauseMs;

    /// <summary>When a report was last sent.</summary>
    private Instant _reportedAt;

    /// <summary>The one place where effects are performed.</summary>
    private async Task CommitAsync()
    {
        RequireSound();
        if (NeedsListing) await ListAsync();
        var effects = Core.TakeEffects();
        var reports = TakeReports(effects);
        var revision = Core.Revision;
        if (revision != _persistedRevision || _takesOver)
        {
            _takesOver = false;
            var state = Core.State;
            _observation?.Observer.Writing(Core.ToRecord());
            try
            {
                await _store.WriteAsync(Core);
            }
            catch (Exception exception)
            {
                Fail(exception);
                throw new NotPersistedException(Self, exception.Message);
            }

            _observation?.Observer.Written();
            _services.Instruments.Commits.Add(1);
            _persistedRevision = revision;
            _persistedState = state;
            if (revision == Core.Revision) _writeBy = null;
        }

        Perform(effects, reports);
        if (!effects.Faults.IsEmpty) await CompareWithStorageAsync(effects.Faults);
    }

    private void Perform(Effects<TMessage> effects, IReadOnlyList<Report> reports)
    {
        _observation?.Observer.Performed(effects, reports);
        _frames.Send(_applicationName, effects);
        foreach (var report in reports) Send(report);
        UpdateWatch();
        if (Core.IsUnfinished) TickWhenDue();
    }

    /// <summary>
    /// The new reports, or when the time has come all that got no receipt. New ones do not put the time off: a process with a new one
    /// every second would never repeat an old one. Taken before the write, so that none shows a step that is not written.
    /// </summary>
    private IReadOnlyList<Report> TakeReports(Effects<TMessage> effects)
    {
        var now = Now;
        if (_reportAgainAt is { } due && now >= due)
        {
            var unaccepted = Core.UnacceptedReports().ToList();
            _reportPauseMs = unaccepted.Count == 0 ? FirstReportPauseMs : Math.Min(2 * _reportPauseMs, LastReportPauseMs);
            _reportAgainAt = unaccepted.Count == 0 ? null : now.After(_reportPauseMs);
            _reportedAt = now;
            return unaccepted;
        }

        if (!effects.Reports.IsEmpty)
        {
            _reportPauseMs = FirstReportPauseMs;
            var again = now.After(_reportPauseMs);
            _reportAgainAt = _reportAgainAt is { } sooner && sooner < again ? sooner : again;
            _reportedAt = now;
        }

        return effects.Reports;
    }

    /// <summary>A collector that asks for what was reported some time ago may have lost it: it is not to wait for the next repeat.</summary>
    private void ReportAgainIfAsked(SnapshotNumber snapshot)
    {
        var now = Now;
        if (now < _reportedAt.After(FirstReportPauseMs) || !Core.UnacceptedReports().Any(report => report.Snapshot == snapshot)) return;
        _reportAgainAt = now;
    }

    /// <summary>Reports were accepted, or have lost their recordings.</summary>
    private void RestIfAllReportsAreAccepted()
    {
        if (!Core.UnacceptedReports().Any()) (_reportAgainAt, _reportPauseMs) = (null, FirstReportPauseMs);
    }

    private Task PersistedAsync() => Core.Revision == _persistedRevision ? Task.CompletedTask : _commit.RequestAsync();

    /// <summary>The activation ends; the next one starts from what is stored. Something wakes it if work is left.</summary>
    private void Fail(Exception exception)
    {
        _failure = exception;
        _services.Instruments.CommitFailures.Add(1);
        ProcessLog.NotPersisted(_services.Logger, Self, exception);
        SignalRoom(); // The waiters find the failure.
        if (Core.HasJoined) _services.Waker.WakeLater(GrainContext.GrainId, lastWrite: Task.CompletedTask);
        DeactivateOnIdle();
    }

    /// <summary>
    /// An impossible input is first taken for a stale activation: if the storage has moved on, this one ends. It is an error of the
    /// channel only if the storage agrees with this activation. Part of a commit, since a write of its own that is under way would
    /// look like somebody else's.
    /// </summary>
    private async Task CompareWithStorageAsync(IReadOnlyList<ChannelFault> faults)
    {
        _services.Instruments.Faults.Add(faults.Count);
        try
        {
            if (await _store.HasMovedOnAsync())
            {
                if (_failure is null) Fail(new InvalidOperationException($"stale activation: {faults[0].Detail}"));
                return;
            }
        }
        catch (Exception exception)
        {
            ProcessLog.NotCompared(_services.Logger, Self, exception);
        }

        foreach (var fault in faults)
        {
            _observation?.Observer.Faulted(fault);
            ProcessLog.Fault(_services.Logger, fault.Channel, fault.Kind, fault.Detail);
        }
    }

    private void Send(Report report)
    {
        Report encoded = report switch
        {
            LocalReport<TState> local => new LocalReport<Payload>(
                local.Snapshot, local.Epoch, local.Process, _states.ToPayload(local.State), local.Sent, local.Delivered),
            ChannelReport<TMessage> channel => new ChannelReport<Payload>(
                channel.Snapshot,
                channel.Epoch,
                channel.Process,
                channel.Source,
                channel.DeliveredBefore,
                [.. channel.Messages.Select(_messages.General.ToPayload)]),
            _ => report,
        };
        _services.Reports.Send(_applicationName, GrainContext.GrainId, encoded);
    }

    /// <summary>The silo's watch is to know which snapshots this activation has recorded and does not know to have ended.</summary>
    private void UpdateWatch()
    {
        // An activation that leaves must not come back by its last write: nobody would take its entry away, and the silo would ask
        // and tell for it for ever.
        if (_leaving || _failure is not null) return;
        Watch(Core.OpenRecordings);
    }

    private void Watch(IReadOnlyCollection<SnapshotNumber> recordings)
    {
        if (recordings.Count == _watched.Length && recordings.SequenceEqual(_watched)) return;
        foreach (var ended in _watched.Except(recordings)) _services.Watch.Remove(_applicationName, ended, GrainContext);
        foreach (var begun in recordings.Except(_watched)) _services.Watch.Add(_applicationName, begun, GrainContext);
        _watched = [.. recordings];
    }

    private async Task WaitForRoomAsync(TimeSpan atMost)
    {
        if (atMost <= TimeSpan.Zero || _waitersForRoom.Count >= _services.Options.MaxWaitersForRoom) throw new ChannelFullException(Self);
        var waiter = _waitersForRoom.AddLast(new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        try
        {
            await waiter.Value.Task.WaitAsync(atMost, _services.Time);
        }
        catch (TimeoutException)
        {
            throw new ChannelFullException(Self);
        }
        finally
        {
            waiter.List?.Remove(waiter); // Who has given up takes nobody's place.
        }
    }

    /// <summary>Each looks again for itself; a waiter that still finds no room waits anew, for what is left of its time.</summary>
    private void SignalRoom()
    {
        for (; _waitersForRoom.First is { } waiter; _waitersForRoom.RemoveFirst()) waiter.Value.TrySetResult();
    }
}
