using Orleans.Streams;
using Orleans.Streams.Core;
using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <content>The calls of the library: of collections, of restores, of the pending-work registry, and the packets of the stream.</content>
public abstract partial class ProcessGrain<TState, TMessage>
{
    /// <inheritdoc/>
    public async Task RecordAsync(SnapshotNumber snapshot, Epoch epoch, SnapshotAnnouncement announcement)
    {
        await _host.JoinAsync();
        _host.RequireSound();
        Participant.Ask(snapshot, epoch, announcement, _host.Now);
        _host.Poke();
        _host.RequireNotBlocked(snapshot);
    }

    /// <inheritdoc/>
    public Task LearnAsync(SnapshotAnnouncement announcement)
    {
        _host.RequireSound();
        _host.TakeEnds(announcement);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task ObeyAsync(Gate gate) => _host.ObeyAsync(gate);

    /// <inheritdoc/>
    public Task<bool> RestoreAsync(Gate gate, bool wasClosed, ReportSurrogate[] reports) =>
        _host.RestoreAsync(gate, wasClosed, reports);

    /// <inheritdoc/>
    public async Task<bool> WakeAsync(long listing)
    {
        _host.RequireSound();
        WorkToken? token = listing == 0 ? null : new(listing);
        if (Participant.Wake(token, isFenced: false, _host.Now) is { } hasWork) return hasWork;
        if (!Participant.HasJoined) await _host.JoinAsync();
        await _host.DurableAsync(true);
        return Participant.Wake(token, isFenced: true, _host.Now) ?? true;
    }

    /// <inheritdoc/>
    public async Task SettleAsync()
    {
        _host.RequireSound();
        while (Participant.HasJoined && (Participant.Revision != Participant.DurableRevision || Participant.UnacceptedReports().Any()))
        {
            await _host.DurableAsync(true);
            if (Participant.UnacceptedReports().Any()) await Task.Delay(TimeSpan.FromMilliseconds(1), _host.Services.Time);
            _host.RequireSound();
        }
    }

    /// <inheritdoc/>
    public async Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory)
    {
        ArgumentNullException.ThrowIfNull(handleFactory);
        await handleFactory.Create<Packet>().ResumeAsync(this);
    }

    /// <summary>
    /// What comes from the inbox stream: a network that may lose, repeat and reorder. Nothing is thrown at it.
    /// </summary>
    public async Task OnNextAsync(IList<SequentialItem<Packet>> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        try
        {
            // A late acknowledgement or notice has nothing for a process at rest.
            if (Participant.IsResting && !items.Any(item => PacketCodec<TMessage>.MayHaveFrames(item.Item))) return;
            await _host.JoinAsync(isByMessage: true);
            _host.RequireSound();
            foreach (var item in items) Take(item.Item);
        }
        catch (Exception exception)
        {
            // To throw would stall the stream for everybody. What was not taken is not acknowledged, so it comes again.
            _host.Services.Failures.Note("packet", Self, exception);
        }
    }

    /// <inheritdoc/>
    public Task OnCompletedAsync() => Task.CompletedTask;

    /// <inheritdoc/>
    public Task OnErrorAsync(Exception ex)
    {
        ProcessLog.StreamError(_host.Services.Logger, Self, ex);
        return Task.CompletedTask;
    }

    private void Take(Frame<TMessage> frame, Instant now)
    {
        try
        {
            Participant.Receive(frame, now);
            _host.HandlerPassed(frame);
        }
        catch (HandlerException failure)
        {
            _host.HandlerFailed(failure);
        }
    }

    /// <summary>A message of a type that this build does not know is no reason to lose the rest of its inbox.</summary>
    private PacketContent<TMessage>? TryDecode(Packet packet)
    {
        try
        {
            return _packets.Decode(packet);
        }
        catch (Exception exception)
        {
            if (_host.Services.NotTaken.TryPass(out var held)) ProcessLog.NotRead(_host.Services.Logger, Self, held, exception);
            return null;
        }
    }

    private void Take(Packet packet)
    {
        if (TryDecode(packet) is not { } content) return;
        var now = _host.Now;
        try
        {
            foreach (var acknowledgement in content.Acknowledgements) Participant.Receive(acknowledgement, now);
            foreach (var notice in content.Notices) Participant.Receive(notice, now);
            foreach (var frame in content.Frames) Take(frame, now);
        }
        finally
        {
            _host.Waiting.Retry();
            _host.Poke(); // Also when one throws: those before it were taken, and are to be stored and acknowledged.
        }
    }
}
