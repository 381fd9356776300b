using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Snapshots.Protocol;

namespace Snapshots.Grains.Tests;

public sealed class UnfinishedCourierTests : IDisposable
{
    private const int MaxTries = 16;
    private const int MaxNotesPerCall = 1024;
    private static readonly string Shard = DirectoryKeys.ShardOf(LetterApplication.Name, Given.Alice);

    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(30);
    private readonly ManualTime _time = new();
    private readonly SiloStopping _stopping = new();
    private readonly Channel<(string Shard, UnfinishedNote[] Notes)> _calls = Channel.CreateUnbounded<(string, UnfinishedNote[])>();
    private readonly UnfinishedCourier _courier;

    /// <summary>How a shard takes a call.</summary>
    private Func<string, Task> _take = _ => Task.CompletedTask;

    public UnfinishedCourierTests()
    {
        var grains = GrainStub.Create<IGrainFactory>((_, keys) => GrainStub.Create<IDirectoryShard>((_, notes) =>
        {
            var shard = keys[0] is GrainId known ? known.Key.ToString()! : (string)keys[0]!;
            _calls.Writer.TryWrite((shard, (UnfinishedNote[])notes[0]!));
            return _take(shard);
        }));
        _courier = new(grains, _time, _stopping, new(_time, NullLogger<CallFailures>.Instance));
    }

    public void Dispose() => _stopping.Dispose();

    [Fact]
    public async Task A_note_is_done_when_its_shard_has_taken_it_and_not_before()
    {
        var taken = Hold();
        var done = _courier.NoteAsync(LetterApplication.Name, Note(1));
        Assert.Equal([Note(1)], (await NextAsync()).Notes);
        Assert.False(done.IsCompleted);
        taken.SetResult();
        await done.WaitAsync(MaxWait, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task What_comes_while_a_call_is_under_way_leaves_in_order_in_the_next_one()
    {
        var taken = Hold();
        List<Task> done = [_courier.NoteAsync(LetterApplication.Name, Note(0))];
        await NextAsync();
        for (var listing = 1; listing <= MaxNotesPerCall + 1; listing++) done.Add(_courier.NoteAsync(LetterApplication.Name, Note(listing)));
        Assert.False(_calls.Reader.TryRead(out _), "two calls are under way at a time");
        _take = _ => Task.CompletedTask;
        taken.SetResult();
        Assert.Equal(Enumerable.Range(1, MaxNotesPerCall).Select(Note), (await NextAsync()).Notes);
        Assert.Equal([Note(MaxNotesPerCall + 1)], (await NextAsync()).Notes);
        await Task.WhenAll(done).WaitAsync(MaxWait, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_shard_that_does_not_answer_keeps_no_other_one_waiting()
    {
        var other = new ProcessId("bob");
        Assert.NotEqual(Shard, DirectoryKeys.ShardOf(LetterApplication.Name, other));
        _take = shard => shard == Shard ? Task.Delay(Timeout.Infinite, TestContext.Current.CancellationToken) : Task.CompletedTask;
        var waiting = _courier.NoteAsync(LetterApplication.Name, Note(1));
        await _courier.NoteAsync(LetterApplication.Name, new(other, 1, Unfinished: true));
        Assert.False(waiting.IsCompleted);
    }

    [Fact]
    public async Task A_call_that_fails_is_made_again_with_the_same_notes_before_any_other()
    {
        _take = _ => Task.FromException(new IOException());
        var first = _courier.NoteAsync(LetterApplication.Name, Note(1));
        await NextAsync();
        var pause = await _time.NextTimerAsync();
        var second = _courier.NoteAsync(LetterApplication.Name, Note(2));
        _take = _ => Task.CompletedTask;
        Assert.False(_calls.Reader.TryRead(out _));
        _time.Advance(pause);
        Assert.Equal([Note(1)], (await NextAsync()).Notes);
        Assert.Equal([Note(2)], (await NextAsync()).Notes);
        await Task.WhenAll(first, second).WaitAsync(MaxWait, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task After_so_many_tries_the_note_fails_and_the_next_one_is_tried()
    {
        _take = _ => Task.FromException(new IOException());
        var failed = _courier.NoteAsync(LetterApplication.Name, Note(1));
        var waited = TimeSpan.Zero;
        for (var attempt = 1; attempt < MaxTries; attempt++)
        {
            await NextAsync();
            var pause = await _time.NextTimerAsync();
            Assert.Equal(Math.Min(1000, 20 * Math.Pow(2, attempt - 1)), pause.TotalMilliseconds);
            waited += pause;
            Assert.False(failed.IsCompleted);
            _time.Advance(pause);
        }

        await NextAsync();
        await Assert.ThrowsAsync<IOException>(() => failed.WaitAsync(MaxWait, TestContext.Current.CancellationToken));
        Assert.InRange(waited, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(20));
        _take = _ => Task.CompletedTask;
        await _courier.NoteAsync(LetterApplication.Name, Note(2));
        Assert.Equal([Note(2)], (await NextAsync()).Notes);
    }

    [Fact]
    public async Task A_silo_that_stops_does_not_try_again()
    {
        _take = _ => Task.FromException(new IOException());
        var failed = _courier.NoteAsync(LetterApplication.Name, Note(1));
        await NextAsync();
        await _time.NextTimerAsync();
        await StopAsync();
        await Assert.ThrowsAsync<IOException>(() => failed.WaitAsync(MaxWait, TestContext.Current.CancellationToken));
    }

    private static UnfinishedNote Note(int listing) => new(Given.Alice, listing, Unfinished: true);

    private TaskCompletionSource Hold()
    {
        var taken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _take = _ => taken.Task;
        return taken;
    }

    private async Task<(string Shard, UnfinishedNote[] Notes)> NextAsync()
    {
        var call = await _calls.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(MaxWait, TestContext.Current.CancellationToken);
        Assert.Equal(DirectoryKeys.ShardOf(LetterApplication.Name, call.Notes[0].Process), call.Shard);
        return call;
    }

    private Task StopAsync()
    {
        Func<CancellationToken, Task>? stop = null;
        _stopping.Participate(GrainStub.Create<ISiloLifecycle>((_, arguments) =>
        {
            stop = ((ILifecycleObserver)arguments[^1]!).OnStop;
            return null;
        }));
        return stop!(CancellationToken.None);
    }
}
