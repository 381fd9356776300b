using Microsoft.Extensions.Logging;
using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>
/// Wakes the listed processes of one shard, some at a time, and again those that cannot be reached. Used from its grain's scheduler
/// only.
/// </summary>
/// <param name="list">Who is listed.</param>
/// <param name="wake">Wakes one; false when it has nothing left to do.</param>
/// <param name="strike">Takes listings off the list.</param>
/// <param name="time">For the pauses.</param>
/// <param name="logger">Told of who cannot be woken.</param>
internal sealed partial class WakeRounds(
    UnfinishedList list,
    Func<ProcessId, long, Task<bool>> wake,
    Func<IReadOnlyList<UnfinishedNote>, Task> strike,
    TimeProvider time,
    ILogger logger)
{
    /// <summary>Rounds after which who still cannot be reached is left to the next loss: with the pauses, about five minutes.</summary>
    private const int MaxRounds = 60;

    /// <summary>Processes that are woken at the same time.</summary>
    private const int MaxConcurrent = 64;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(5);

    private TaskCompletionSource? _pause;
    private bool _again;
    private bool _running;
    private bool _stopped;

    /// <summary>Begins a first round over all that are listed now; returns at once.</summary>
    public void Start()
    {
        _again = true;
        _pause?.TrySetResult(); // A new loss does not wait for what an old one left.
        if (_running || _stopped) return;
        _running = true;
        _ = RunAsync();
    }

    /// <summary>The shard's activation ends; its next one begins anew.</summary>
    public void Stop()
    {
        _stopped = true;
        _pause?.TrySetResult();
    }

    private async Task RunAsync()
    {
        await Task.Yield();
        IReadOnlyList<(ProcessId Process, long Listing)> left = [];
        var round = 0;
        for (var pause = FirstPause; !_stopped; pause = pause * 2 < MaxPause ? pause * 2 : MaxPause)
        {
            if (_again)
            {
                (_again, left, round, pause) = (false, list.All, 0, FirstPause);
            }

            left = await WakeAllAsync(left);
            if (_again) continue;
            if (left.Count == 0 || ++round == MaxRounds) break;
            await PauseAsync(pause);
            left = [.. left.Where(entry => list.Contains(entry.Process, entry.Listing))];
        }

        _running = false;
        if (left.Count > 0 && !_stopped) LogGivenUp(logger, left.Count, left[0].Process);
    }

    private async Task PauseAsync(TimeSpan pause)
    {
        _pause = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await _pause.Task.WaitAsync(pause, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        _pause = null;
    }

    /// <summary>Answers who was not reached.</summary>
    private async Task<IReadOnlyList<(ProcessId Process, long Listing)>> WakeAllAsync(IReadOnlyList<(ProcessId Process, long Listing)> processes)
    {
        using var room = new SemaphoreSlim(MaxConcurrent);
        var missed = new List<(ProcessId, long)>();
        var finished = new List<UnfinishedNote>();
        var calls = new List<Task>(processes.Count);
        foreach (var (process, listing) in processes)
        {
            await room.WaitAsync();
            calls.Add(WakeOneAsync(process, listing));
        }

        await Task.WhenAll(calls);
        if (finished.Count > 0 && !_stopped) await StrikeAsync(finished);
        return missed;

        async Task WakeOneAsync(ProcessId process, long listing)
        {
            try
            {
                if (!await wake(process, listing)) finished.Add(new UnfinishedNote(process, listing, Unfinished: false));
            }
            catch (Exception exception)
            {
                LogNotWoken(logger, process, exception);
                missed.Add((process, listing));
            }
            finally
            {
                room.Release();
            }
        }
    }

    private async Task StrikeAsync(IReadOnlyList<UnfinishedNote> finished)
    {
        try
        {
            await strike(finished);
        }
        catch (Exception exception)
        {
            LogNotStruck(logger, exception); // The activation ends with a write that fails; who is listed in vain is woken once more.
        }
    }

    [LoggerMessage(1, LogLevel.Information, "{Process} could not be woken; it is tried again.")]
    private static partial void LogNotWoken(ILogger logger, ProcessId process, Exception exception);

    [LoggerMessage(2, LogLevel.Error, "{Count} processes could not be woken, among them {Process}: what they have left to do waits for a caller or a frame.")]
    private static partial void LogGivenUp(ILogger logger, int count, ProcessId process);

    [LoggerMessage(3, LogLevel.Information, "Processes that have nothing left to do could not be struck off.")]
    private static partial void LogNotStruck(ILogger logger, Exception exception);
}
