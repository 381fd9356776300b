using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <content>What objects of the silo tell it.</content>
internal sealed partial class ParticipantHost<TState, TMessage> : ILocalProcess
{
    /// <summary>1 while something is told that the activation has not taken.</summary>
    private int _isTold;

    /// <inheritdoc/>
    public GrainId Grain => _grain.GrainContext.GrainId;

    /// <inheritdoc/>
    public void Learn(SnapshotAnnouncement announcement)
    {
        if (Interlocked.Exchange(ref _isTold, 1) == 1) return;
        Tell(() => TakeEnds(announcement), isNotice: true);
    }

    /// <inheritdoc/>
    public void Accepted(IReadOnlySet<ReportKey> reports) => Tell(() =>
    {
        Participant.Accept(reports, Now);
        Poke();
    });

    /// <summary>Takes the word of the index, on the activation's scheduler.</summary>
    public void TakeEnds(SnapshotAnnouncement announcement)
    {
        Participant.Learn(announcement, Now);
        Waiting.Retry(); // Markers that became void take less room.
        Poke();
    }

    private void Tell(Action input, bool isNotice = false) => _grain.GrainContext.Scheduler.QueueAction(() =>
    {
        if (isNotice) Volatile.Write(ref _isTold, 0);
        if (_failure is not null || _damage is not null || _isLeaving) return;
        try
        {
            input();
        }
        catch (Exception exception)
        {
            _services.Failures.Note("notice", Self, exception);
        }
    });
}
