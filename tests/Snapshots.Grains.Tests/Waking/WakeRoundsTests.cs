using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Snapshots.Protocol;

namespace Snapshots.Grains.Tests;

public sealed class WakeRoundsTests
{
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(5);

    /// <summary>In place of the shard's own scheduler: one at a time.</summary>
    private readonly TaskScheduler _turns = new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler;
    private readonly ManualTime _time = new();
    private readonly UnfinishedList _list = new(new TestStorage().For(Given.Serializer), GrainId.Create("directoryshard", "letters/3"));
    private readonly Channel<ProcessId> _woken = Channel.CreateUnbounded<ProcessId>();
    private readonly Channel<UnfinishedNote[]> _struck = Channel.CreateUnbounded<UnfinishedNote[]>();
    private readonly WakeRounds _rounds;

    /// <summary>What waking answers; by default the process has work left.</summary>
    private Func<ProcessId, Task<bool>> _wake = _ => Task.FromResult(true);

    public WakeRoundsTests() => _rounds = new(
        _list,
        (process, _) =>
        {
            _woken.Writer.TryWrite(process);
            return _wake(process);
        },
        async notes =>
        {
            await Task.Yield();
            foreach (var note in notes) _list.Take(note);
            _struck.Writer.TryWrite([.. notes]);
        },
        _time,
        NullLogger.Instance);

    [Fact]
    public async Task Everybody_listed_is_woken_once_and_who_has_nothing_left_is_struck_off()
    {
        _wake = process => Task.FromResult(process != Given.Bob);
        List((Given.Alice, 1), (Given.Bob, 2));
        await StartAsync();
        Assert.Equal([new UnfinishedNote(Given.Bob, 2, Unfinished: false)], await NextStruckAsync());
        Assert.Equal([Given.Alice, Given.Bob], (await WokenAsync(2)).Order());
        Assert.Equal([(Given.Alice, 1L)], _list.All);
        await StartAsync();
        Assert.Equal([Given.Alice], await WokenAsync(1));
        Assert.False(_woken.Reader.TryRead(out _));
    }

    [Fact]
    public async Task Who_cannot_be_reached_is_tried_again_with_growing_pauses_and_not_for_ever()
    {
        const int MaxRounds = 60;
        _wake = process => process == Given.Bob ? Task.FromException<bool>(new TimeoutException()) : Task.FromResult(true);
        List((Given.Alice, 1), (Given.Bob, 2));
        await StartAsync();
        Assert.Equal([Given.Alice, Given.Bob], (await WokenAsync(2)).Order());
        var pauses = new List<TimeSpan>();
        for (var round = 1; round < MaxRounds; round++)
        {
            pauses.Add(await _time.NextTimerAsync());
            Assert.False(_woken.Reader.TryRead(out _), $"somebody is woken before the pause after round {round} is over");
            _time.Advance(pauses[^1]);
            Assert.Equal([Given.Bob], await WokenAsync(1));
        }

        Assert.Equal([250, 500, 1000, 2000, 4000, 5000], pauses.Take(6).Select(pause => (int)pause.TotalMilliseconds));
        Assert.All(pauses.Skip(5), pause => Assert.Equal(MaxPause, pause));
        await TurnAsync(() => { });
        _time.Advance(MaxPause);
        await TurnAsync(() => { });
        Assert.False(_woken.Reader.TryRead(out _), "there is one round more");

        // The next loss begins anew, with its pauses too.
        await StartAsync();
        Assert.Equal([Given.Alice, Given.Bob], (await WokenAsync(2)).Order());
        Assert.Equal(pauses[0], await _time.NextTimerAsync());
    }

    [Fact]
    public async Task Who_was_struck_off_or_listed_anew_meanwhile_is_not_tried_again()
    {
        ProcessId carol = new("carol");
        _wake = _ => Task.FromException<bool>(new TimeoutException());
        List((Given.Alice, 1), (Given.Bob, 2), (carol, 3));
        await StartAsync();
        await WokenAsync(3);
        var pause = await _time.NextTimerAsync();
        await TurnAsync(() =>
        {
            _list.Take(new(Given.Alice, 1, Unfinished: false));
            _list.Take(new(Given.Bob, 9, Unfinished: true)); // Who lists anew is awake.
        });
        _time.Advance(pause);
        Assert.Equal([carol], await WokenAsync(1));
        await _time.NextTimerAsync();
        Assert.False(_woken.Reader.TryRead(out _));
    }

    [Fact]
    public async Task A_loss_in_the_middle_of_a_round_makes_a_new_one_over_all_that_are_listed_then()
    {
        var hold = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        _wake = _ => hold.Task;
        List((Given.Alice, 1));
        await StartAsync();
        await WokenAsync(1);
        _wake = _ => Task.FromResult(true);
        await TurnAsync(() => _list.Take(new(Given.Bob, 2, Unfinished: true)));
        await StartAsync();
        await StartAsync();
        Assert.False(_woken.Reader.TryRead(out _), "two rounds run at a time");
        hold.SetResult(true);
        Assert.Equal([Given.Alice, Given.Bob], (await WokenAsync(2)).Order());
        await TurnAsync(() => { });
        Assert.False(_woken.Reader.TryRead(out _), "two losses make two rounds more");
    }

    [Fact]
    public async Task A_loss_in_a_pause_is_not_kept_waiting_by_who_cannot_be_reached()
    {
        _wake = process => process == Given.Bob ? Task.FromException<bool>(new TimeoutException()) : Task.FromResult(true);
        List((Given.Alice, 1), (Given.Bob, 2));
        await StartAsync();
        await WokenAsync(2);
        await _time.NextTimerAsync();
        await StartAsync();
        Assert.Equal([Given.Alice, Given.Bob], (await WokenAsync(2)).Order());
    }

    [Fact]
    public async Task An_activation_that_ends_wakes_nobody_any_more()
    {
        _wake = _ => Task.FromException<bool>(new TimeoutException());
        List((Given.Alice, 1));
        await StartAsync();
        await WokenAsync(1);
        var pause = await _time.NextTimerAsync();
        await TurnAsync(_rounds.Stop);
        _time.Advance(pause);
        await StartAsync();
        await TurnAsync(() => { });
        Assert.False(_woken.Reader.TryRead(out _));
    }

    [Fact]
    public async Task More_than_may_be_woken_at_a_time_wait_for_their_turn()
    {
        const int MaxConcurrent = 64;
        var hold = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        _wake = _ => hold.Task;
        List([.. Enumerable.Range(0, MaxConcurrent + 1).Select(index => (new ProcessId($"p{index}"), 1L))]);
        await StartAsync();
        await WokenAsync(MaxConcurrent);
        await TurnAsync(() => { });
        Assert.False(_woken.Reader.TryRead(out _), "one more is woken");
        hold.SetResult(true);
        await WokenAsync(1);
    }

    private void List(params (ProcessId Process, long Listing)[] entries)
    {
        foreach (var (process, listing) in entries) _list.Take(new(process, listing, Unfinished: true));
    }

    private Task StartAsync() => TurnAsync(_rounds.Start);

    /// <summary>Acts in a turn of its own, after all turns that are due by now.</summary>
    private Task TurnAsync(Action act) => Task.Factory.StartNew(act, TestContext.Current.CancellationToken, TaskCreationOptions.None, _turns);

    private async Task<List<ProcessId>> WokenAsync(int count)
    {
        var woken = new List<ProcessId>();
        while (woken.Count < count) woken.Add(await NextAsync(_woken));
        return woken;
    }

    private Task<UnfinishedNote[]> NextStruckAsync() => NextAsync(_struck);

    private static async Task<T> NextAsync<T>(Channel<T> channel) =>
        await channel.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(30));
}
