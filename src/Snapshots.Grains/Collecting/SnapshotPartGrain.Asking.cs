using Microsoft.Extensions.Logging;
using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <content>The members, and asking them until the snapshot has ended.</content>
internal sealed partial class SnapshotPartGrain
{
    /// <summary>
    /// Marks the shards of this part one by one: who registers later is told of the snapshot, who registered before is a member.
    /// </summary>
    private async Task GatherAsync(Epoch epoch, int parts)
    {
        try
        {
            var registration = await Index.GetAnnouncementAsync();
            if (registration.Announcement.HasEnded(_number))
            {
                // It may have been deleted before this start of it came: then nothing is to begin anew.
                Finish();
                return;
            }

            var shards = Enumerable.Range(0, DirectoryKeys.ShardCount)
                .Where(shard => shard % parts == _part)
                .Select(shard => GrainFactory.GetGrain<IDirectoryShard>(DirectoryKeys.Shard(_application, shard)));
            var listed = await Task.WhenAll(shards.Select(shard => ListAsync(shard, registration.Announcement)));
            var members = listed.SelectMany(shard => shard.Members).ToList();
            var grainType = listed.Select(shard => shard.GrainType).FirstOrDefault(type => type.Length > 0, string.Empty);
            await _store.WriteMembersAsync(members, grainType, epoch, parts);
            if (!_hasEnded) _collection = StartCollection(members);
        }
        catch
        {
            DeactivateOnIdle(); // What is stored is read anew when its collector follows it again.
            throw;
        }
    }

    private static async Task<(string GrainType, List<ProcessId> Members)> ListAsync(IDirectoryShard shard, SnapshotAnnouncement announcement)
    {
        var members = new List<ProcessId>();
        var grainType = string.Empty;
        for (var (count, _) = await shard.MarkAsync(announcement); members.Count < count;)
        {
            var page = await shard.ListAsync(members.Count, Math.Min(PartStore.MembersPerPage, count - members.Count));
            if (page.Processes.Length == 0) throw new InvalidOperationException($"the directory lists {members.Count} of {count} processes");
            members.AddRange(page.Processes);
            grainType = page.GrainType;
        }

        return (grainType, members);
    }

    private async Task RunAsync()
    {
        await Task.Yield();
        try
        {
            var asks = new AskSchedule(_time);
            var lookedAt = _time.GetTimestamp();
            while (_collection is { } collection && !_leaving)
            {
                await AskAsync(collection, asks);
                if (_time.GetElapsedTime(lookedAt) >= AskSchedule.MaxPause)
                {
                    // A report may have been taken, and confirmed, by another activation that does not know that it is none any more.
                    await _commit.RequestAsync();

                    // The collector that says when it is over may be lost.
                    if ((await Index.GetAnnouncementAsync()).Announcement.HasEnded(_number)) Finish();
                    lookedAt = _time.GetTimestamp();
                }

                await _signal.WaitAsync(collection.MissesLocalStates ? asks.Pause : AskSchedule.MaxPause, _time, CancellationToken.None);
            }
        }
        catch (Exception exception)
        {
            LogInterrupted(_logger, this.GetPrimaryKeyString(), exception);
            Leave();
            DeactivateOnIdle(); // Its collector starts it again, from what is stored.
        }
    }

    /// <summary>
    /// Asks processes to record, which also brings them back, and their reports again. Nobody's answer is waited for long: who does
    /// not answer is asked again.
    /// </summary>
    private async Task AskAsync(CollectionPart<Payload, Payload> collection, AskSchedule asks)
    {
        if (!_options.AskProcesses || !asks.IsDue(collection.MissesLocalStates)) return;
        var awaited = collection.Awaited.ToList();
        if (awaited.Count == 0) return;
        var registration = await Index.GetAnnouncementAsync();
        foreach (var group in awaited.Where(collection.IsAwaited).Chunk(_options.MaxConcurrentAsks))
        {
            var calls = Task.WhenAll(group.Select(process => AskAsync(process, registration.Announcement)));
            calls.Ignore();
            await Task.WhenAny(calls, Task.Delay(AskSchedule.MaxWaitForAnswers, _time));
            if (_hasEnded || _leaving) return;
        }

        asks.Asked();
    }

    private async Task AskOneAsync(ProcessId process)
    {
        var registration = await Index.GetAnnouncementAsync();
        await AskAsync(process, registration.Announcement);
    }

    private Task AskAsync(ProcessId process, SnapshotAnnouncement announcement) => GrainFactory
        .GetGrain<ISnapshotProcess>(GrainId.Create(_store.GrainType, process.Value))
        .RecordAsync(_number, _store.Epoch, announcement);

    [LoggerMessage(1, LogLevel.Warning, "The part {Part} of a collection was interrupted; it goes on from what is stored.")]
    private static partial void LogInterrupted(ILogger logger, string part, Exception exception);
}
