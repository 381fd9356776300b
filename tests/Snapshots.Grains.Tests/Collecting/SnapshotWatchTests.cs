using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Snapshots.Protocol;

namespace Snapshots.Grains.Tests;

public sealed class SnapshotWatchTests : IDisposable
{
    private const int MaxConcurrentCalls = 256;
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan MaxWaitForAnswers = TimeSpan.FromMilliseconds(250);

    private readonly ManualTime _time = new();
    private readonly SiloStopping _stopping = new();
    private readonly Channel<string> _told = Channel.CreateUnbounded<string>();
    private readonly SnapshotWatch _watch;
    private SnapshotAnnouncement _announcement = Given.Announcement(2, 1, 2);

    /// <summary>How an activation takes the word of an end.</summary>
    private Func<string, Task> _learn = _ => Task.CompletedTask;

    public SnapshotWatchTests()
    {
        var index = GrainStub.Create<ISnapshotIndex>((_, _) => Task.FromResult(new Registration(Epoch.First, _announcement)));
        var grains = GrainStub.Create<IGrainFactory>((_, keys) => keys[0] is GrainId grain
            ? GrainStub.Create<ISnapshotProcess>((_, _) =>
            {
                var id = grain.Key.ToString()!;
                var learnt = _learn(id);
                _told.Writer.TryWrite(id);
                return learnt;
            })
            : index);
        var types = new GrainTypeOptions();
        types.Classes.Add(typeof(LetterGrain));
        _watch = new(grains, new SnapshotApplications(Options.Create(types)), _time, _stopping, new(_time, NullLogger<CallFailures>.Instance));
    }

    public void Dispose() => _stopping.Dispose();

    [Fact]
    public async Task Who_has_recorded_what_has_ended_is_told_and_nobody_else()
    {
        Add("open", 1);
        Add("ended", 2);
        Add("both", 1);
        Add("both", 2);
        _announcement = Given.Announcement(2, 1);
        await StartAsync();
        Assert.Equal(["both", "ended"], new[] { await NextAsync(), await NextAsync() }.Order());
        Assert.False(_told.Reader.TryRead(out _));
    }

    [Fact]
    public async Task Those_who_do_not_answer_keep_nobody_from_hearing_and_are_told_again()
    {
        for (var number = 0; number < MaxConcurrentCalls; number++) Add($"deaf-{number}", 1);
        Add("last", 1);
        _announcement = Given.Announcement(2, 2);
        _learn = id => id == "last" ? Task.CompletedTask : Task.Delay(Timeout.Infinite, TestContext.Current.CancellationToken);
        await StartAsync();
        for (var number = 0; number < MaxConcurrentCalls; number++) Assert.Equal($"deaf-{number}", await NextAsync());
        Assert.Equal(MaxWaitForAnswers, await _time.NextTimerAsync());
        Assert.False(_told.Reader.TryRead(out _));
        _time.Advance(MaxWaitForAnswers);
        Assert.Equal("last", await NextAsync());
        await _time.NextTimerAsync(); // For the answer of the last one, which has come.
        _time.Advance(await _time.NextTimerAsync());
        Assert.Equal("deaf-0", await NextAsync());
    }

    [Fact]
    public async Task Whose_place_another_activation_has_taken_takes_nothing_away_from_it()
    {
        var earlier = Add("p", 1);
        var later = Add("p", 1);
        _watch.Remove(LetterApplication.Name, Given.Snapshot(1), earlier);
        Assert.Same(later, Assert.Single(_watch.WatchedGrains));
        _watch.Remove(LetterApplication.Name, Given.Snapshot(1), later);
        Assert.Empty(_watch.WatchedGrains);
        await StartAsync();
        Assert.Equal(TimeSpan.FromSeconds(2), await _time.NextTimerAsync()); // Nothing is watched: it looks now and then.
    }

    private IGrainContext Add(string id, long snapshot)
    {
        var grain = GrainId.Create("letters", id);
        var context = GrainStub.Create<IGrainContext>((_, _) => grain);
        _watch.Add(LetterApplication.Name, Given.Snapshot(snapshot), context);
        return context;
    }

    private Task StartAsync()
    {
        Task? started = null;
        _watch.Participate(GrainStub.Create<ISiloLifecycle>((_, arguments) =>
        {
            started = ((ILifecycleObserver)arguments[^1]!).OnStart(CancellationToken.None);
            return null;
        }));
        return started!;
    }

    private async Task<string> NextAsync() =>
        await _told.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(MaxWait, TestContext.Current.CancellationToken);
}
