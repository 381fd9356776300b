using Microsoft.Extensions.Logging;
using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <content>The life of the collection: members, asks, the end, and telling it.</content>
internal sealed partial class SnapshotCollectorGrain
{
    /// <summary>The life of the collection, from wherever the stored state stands to the end that the index has heard of.</summary>
    private async Task RunAsync()
    {
        await Task.Yield();
        try
        {
            if (_store.Summary is { Status: SnapshotStatus.Running })
            {
                // A directory that does not answer must not keep a snapshot from its end.
                if (_builder is null && _abortReason is null && Left > TimeSpan.Zero && !await TryGatherMembersAsync()) return;
                await CollectAsync();
            }

            await TellAsync();
        }
        catch (Exception exception)
        {
            LogInterrupted(_logger, _application, _store.Summary?.Number ?? default, exception);
            DeactivateOnIdle(); // The index starts it again, from what is stored.
        }
        finally
        {
            _run = null;
        }
    }

    private TimeSpan Left => _store.Summary!.StartedAt + _store.Summary.Timeout - _time.GetUtcNow();

    /// <summary>
    /// Marks the shards one by one: who registers later is told of the snapshot, who registered before is a member. False when the
    /// snapshot was deleted before this start of it came: then it is not to begin anew.
    /// </summary>
    private async Task<bool> TryGatherMembersAsync()
    {
        var registration = await Index.GetAnnouncementAsync();
        if (registration.Announcement.HasEnded(_store.Summary!.Number))
        {
            await _store.ClearAsync();
            DeactivateOnIdle();
            return false;
        }

        var shards = Enumerable.Range(0, DirectoryKeys.ShardCount)
            .Select(shard => GrainFactory.GetGrain<IDirectoryShard>(DirectoryKeys.Shard(_application, shard)));
        var parts = await Task.WhenAll(shards.Select(shard => ListAsync(shard, registration.Announcement)));
        var members = parts.SelectMany(part => part.Members).ToList();
        var grainType = parts.Select(part => part.GrainType).FirstOrDefault(type => type.Length > 0, string.Empty);
        var summary = _store.Summary!;
        if (summary.Initiator == default && members.Count > 0) summary = summary with { Initiator = members.Min() };
        await _store.WriteMembersAsync(members, grainType, summary);
        StartBuilding(members);
        return true;
    }

    private static async Task<(string GrainType, List<ProcessId> Members)> ListAsync(IDirectoryShard shard, SnapshotAnnouncement announcement)
    {
        var members = new List<ProcessId>();
        var grainType = string.Empty;
        for (var count = await shard.MarkAsync(announcement); members.Count < count;)
        {
            var page = await shard.ListAsync(members.Count, Math.Min(CollectorStore.MembersPerPage, count - members.Count));
            if (page.Processes.Length == 0) throw new InvalidOperationException($"the directory lists {members.Count} of {count} processes");
            members.AddRange(page.Processes);
            grainType = page.GrainType;
        }

        return (grainType, members);
    }

    private async Task CollectAsync()
    {
        var summary = _store.Summary!;
        var asks = new AskSchedule(_time);
        var lookedAt = _time.GetTimestamp();
        while (_abortReason is null && _builder is not { Status: not CollectionStatus.Running })
        {
            if (_leaving) throw new OperationCanceledException("the activation ends");
            var left = Left;
            if (left <= TimeSpan.Zero || _builder is null)
            {
                var missing = _builder is { } late ? string.Join(", ", late.GetProgress().WaitingFor) : "the directory";
                _abortReason = $"timed out after {summary.Timeout.TotalSeconds:0.###} s, waiting for {missing}";
                break;
            }

            await AskAsync(asks);

            // A report may have been taken, and confirmed, by another activation that does not know that it is none any more.
            if (_time.GetElapsedTime(lookedAt) >= AskSchedule.MaxPause)
            {
                await _commit.RequestAsync();
                lookedAt = _time.GetTimestamp();
            }

            var pause = asks.Pause < left ? asks.Pause : left;
            await _signal.WaitAsync(pause, _time, CancellationToken.None);
        }

        if (_abortReason is null && _builder is { Status: CollectionStatus.Complete }) await CompleteAsync(summary);
        else await AbandonAsync(summary, _abortReason ?? _builder!.FailureReason);
    }

    /// <summary>
    /// Asks processes to record, which also brings them back, and their reports again. Nobody's answer is waited for long: who does
    /// not answer is asked again.
    /// </summary>
    private async Task AskAsync(AskSchedule asks)
    {
        if (!_options.AskProcesses) return;
        var (summary, builder) = (_store.Summary!, _builder!);
        var anyMissing = builder.Missing.Count > 0;
        var processes = asks.Next(summary.Initiator, builder.Missing, builder.Receivers);
        if (processes.Count == 0) return;
        var registration = await Index.GetAnnouncementAsync();
        foreach (var group in processes.Where(process => !anyMissing || builder.Missing.Contains(process)).Chunk(_options.MaxConcurrentAsks))
        {
            var calls = Task.WhenAll(group.Select(process => GrainFactory
                .GetGrain<ISnapshotProcess>(GrainId.Create(_store.GrainType, process.Value))
                .RecordAsync(summary.Number, summary.Epoch, registration.Announcement)));
            calls.Ignore();
            await Task.WhenAny(calls, Task.Delay(AskSchedule.MaxWaitForAnswers, _time));
            if (_abortReason is not null || _leaving || Left <= TimeSpan.Zero || builder.Status != CollectionStatus.Running) return;
        }

        asks.Asked();
    }

    private async Task CompleteAsync(SnapshotSummary summary)
    {
        var state = _builder!.ToGlobalState();
        var ended = summary with
        {
            Status = SnapshotStatus.Completed,
            EndedAt = _time.GetUtcNow(),
            Processes = state.Processes.Length,
            Channels = state.Channels.Length,
            MessagesInTransit = state.Channels.Sum(channel => channel.Messages.Length),
        };
        await _store.WriteEndAsync(ended, progress: null);
        _instruments.Completed.Add(1);
        _instruments.Duration.Record((ended.EndedAt.Value - ended.StartedAt).TotalMilliseconds);
    }

    private async Task AbandonAsync(SnapshotSummary summary, string reason)
    {
        var ended = summary with { Status = SnapshotStatus.Aborted, EndedAt = _time.GetUtcNow(), Reason = reason };
        await _store.WriteEndAsync(ended, _builder?.GetProgress());
        _instruments.Aborted.Add(1);
    }

    /// <summary>Tells the index, which tells everybody who asks; frees what only a running collection needs.</summary>
    private async Task TellAsync()
    {
        if (_store.Summary is { } summary) await Index.EndAsync(summary);
        _builder = null;
        _taken.Clear();
    }

    [LoggerMessage(1, LogLevel.Warning, "The collection of snapshot {Snapshot} of {Application} was interrupted; it goes on from what is stored.")]
    private static partial void LogInterrupted(ILogger logger, string application, SnapshotNumber snapshot, Exception exception);
}
