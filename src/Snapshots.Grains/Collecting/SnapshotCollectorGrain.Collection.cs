using Microsoft.Extensions.Logging;
using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <content>The life of the collection: parts, the initiator, exchanges, the end, and telling it.</content>
internal sealed partial class SnapshotCollectorGrain
{
    /// <summary>At the latest the parts are looked at again; what they have to say comes by itself.</summary>
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(1);

    /// <summary>Before a part that could not be reached is tried again.</summary>
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(100);

    private TimeSpan Left => Summary!.StartedAt + Summary.Timeout - _time.GetUtcNow();

    /// <summary>The life of the collection, from wherever the stored state stands to the end that the index has heard of.</summary>
    private async Task RunAsync()
    {
        await Task.Yield();
        try
        {
            if (IsRunning)
            {
                // A directory that does not answer must not keep a snapshot from its end.
                if (_row.Value.Parts == 0 && _abortReason is null && Left > TimeSpan.Zero && !await TryPlanAsync()) return;
                await CollectAsync();
            }

            await TellAsync();
        }
        catch (Exception exception)
        {
            LogInterrupted(_logger, _application, Summary?.Number ?? default, exception);
            Leave();
            DeactivateOnIdle(); // The index starts it again, from what is stored.
        }
        finally
        {
            _run = null;
        }
    }

    /// <summary>
    /// Marks the directory, and decides by how many are there into how many parts the collection is split, and who begins. False when
    /// the snapshot was deleted before this start of it came: then it is not to begin anew.
    /// </summary>
    private async Task<bool> TryPlanAsync()
    {
        var registration = await Index.GetAnnouncementAsync();
        if (registration.Announcement.HasEnded(Summary!.Number))
        {
            await _row.ClearAsync();
            DeactivateOnIdle();
            return false;
        }

        var marks = await Task.WhenAll(Enumerable.Range(0, DirectoryKeys.ShardCount).Select(shard => GrainFactory
            .GetGrain<IDirectoryShard>(DirectoryKeys.Shard(_application, shard))
            .MarkAsync(registration.Announcement)));
        var summary = Summary!;
        if (summary.Initiator == default)
        {
            summary = summary with { Initiator = marks.Where(mark => mark.Count > 0).Select(mark => mark.First).Order().FirstOrDefault() };
        }

        await WriteAsync(new() { Summary = summary, Parts = PartsFor(marks.Sum(mark => (long)mark.Count)) });
        return true;
    }

    /// <summary>As few as keep a part small, and so many that each has whole shards of the directory.</summary>
    private int PartsFor(long members)
    {
        var parts = 1;
        while (parts < DirectoryKeys.ShardCount && members > (long)parts * _options.MembersPerCollectorPart) parts *= 2;
        return parts;
    }

    private async Task CollectAsync()
    {
        var summary = Summary!;
        _parts = new PartView?[_row.Value.Parts];
        using var over = new CancellationTokenSource();
        for (var part = 0; part < _parts.Length; part++) FollowAsync(part, summary.Epoch, over.Token).Ignore();
        var ruling = default(CollectionRuling);
        try
        {
            while (_abortReason is null && ruling is not { Status: not CollectionStatus.Running })
            {
                if (_leaving) throw new OperationCanceledException("the activation ends");
                var left = Left;
                if (left <= TimeSpan.Zero || _parts.Length == 0)
                {
                    var missing = Standings is { } late ? string.Join(", ", CollectionRuling.Sum(late).WaitingFor) : "the directory";
                    _abortReason = $"timed out after {summary.Timeout.TotalSeconds:0.###} s, waiting for {missing}";
                    break;
                }

                await _signal.WaitAsync(left < MaxPause ? left : MaxPause, _time, CancellationToken.None);
                if (Standings is not { } standings) continue;
                ruling = CollectionRuling.Of(standings);
                if (ruling.MustExchange) await ExchangeAsync();
                else AskInitiator(summary.Initiator, standings);
            }
        }
        finally
        {
            await over.CancelAsync();
        }

        if (_abortReason is null && ruling is { Status: CollectionStatus.Complete }) await CompleteAsync(summary);
        else await AbandonAsync(summary, _abortReason ?? ruling!.Reason);
    }

    /// <summary>Starts a part, also anew after it was lost, and keeps what it says of itself.</summary>
    private async Task FollowAsync(int part, Epoch epoch, CancellationToken over)
    {
        while (!over.IsCancellationRequested && !_leaving)
        {
            try
            {
                var view = await PartOf(part).FollowAsync(epoch, _row.Value.Parts, _parts[part]?.Version ?? 0);
                if (!over.IsCancellationRequested) Keep(part, view);
            }
            catch (Exception exception) when (!over.IsCancellationRequested)
            {
                LogPartNotReached(_logger, part, _application, Summary?.Number ?? default, exception);
                await Task.Delay(RetryPause, _time, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            }
        }
    }

    private void Keep(int part, PartView view)
    {
        // Of one life the newest is kept; of two lives both are true, and the follower soon has the present one.
        if (part >= _parts.Length) return; // It is over.
        if (_parts[part] is { } kept && kept.Standing.Life == view.Standing.Life && kept.Version >= view.Version) return;
        _parts[part] = view;
        _signal.Set();
    }

    /// <summary>Has the parts tell each other what they have not heard. Who does not answer keeps nobody from an abort.</summary>
    private async Task ExchangeAsync() =>
        await Task.WhenAny(Task.WhenAll(Enumerable.Range(0, _parts.Length).Select(ExchangeAsync)), Task.Delay(MaxPause, _time));

    private async Task ExchangeAsync(int part)
    {
        try
        {
            Keep(part, await PartOf(part).ExchangeAsync());
        }
        catch (Exception exception)
        {
            LogPartNotReached(_logger, part, _application, Summary?.Number ?? default, exception);
            await Task.Delay(RetryPause, _time);
            _signal.Set();
        }
    }

    /// <summary>First of all, so that the markers do the work where they reach; the parts ask whom they do not reach.</summary>
    private void AskInitiator(ProcessId initiator, PartStanding[] standings)
    {
        if (_hasAskedInitiator || standings.All(part => part.MissingProcesses == 0)) return;
        _hasAskedInitiator = true;
        PartOf(new Partition(_parts.Length).PartOf(initiator)).AskFirstAsync(initiator).Ignore();
    }

    private Task CompleteAsync(SnapshotSummary summary)
    {
        var standings = Standings!;
        var total = CollectionRuling.Sum(standings);
        var ended = summary with
        {
            Status = SnapshotStatus.Completed,
            EndedAt = _time.GetUtcNow(),
            Processes = total.ProcessesExpected,
            Channels = total.ChannelsExpected,
            MessagesInTransit = checked((int)standings.Sum(part => part.Messages)),
        };
        _instruments.Completed.Add(1);
        _instruments.Duration.Record((ended.EndedAt.Value - ended.StartedAt).TotalMilliseconds);
        return WriteAsync(new() { Summary = ended, Parts = _row.Value.Parts });
    }

    private Task AbandonAsync(SnapshotSummary summary, string reason)
    {
        var ended = summary with { Status = SnapshotStatus.Aborted, EndedAt = _time.GetUtcNow(), Reason = reason };
        _instruments.Aborted.Add(1);
        return WriteAsync(new() { Summary = ended, Parts = _row.Value.Parts, LastProgress = Progress() });
    }

    /// <summary>Tells the index, which tells everybody who asks, and the parts, which free what only a running collection needs.</summary>
    private async Task TellAsync()
    {
        if (Summary is not { } summary) return;
        await Index.EndAsync(summary);
        for (var part = 0; part < _row.Value.Parts; part++) PartOf(part).EndAsync().Ignore(); // One that does not hear it asks the index.
        _parts = [];
    }

    [LoggerMessage(1, LogLevel.Warning, "The collection of snapshot {Snapshot} of {Application} was interrupted; it goes on from what is stored.")]
    private static partial void LogInterrupted(ILogger logger, string application, SnapshotNumber snapshot, Exception exception);

    [LoggerMessage(2, LogLevel.Information, "Part {Part} of the collection of snapshot {Snapshot} of {Application} could not be reached; it is tried again.")]
    private static partial void LogPartNotReached(ILogger logger, int part, string application, SnapshotNumber snapshot, Exception exception);
}
