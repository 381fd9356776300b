using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Snapshots.Protocol;

namespace Snapshots.Grains.Tests;

public sealed class SnapshotWatchTests : IDisposable
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(30);

    private readonly ManualTime _time = new();
    private readonly SiloStopping _stopping = new();
    private readonly Channel<string> _told = Channel.CreateUnbounded<string>();
    private readonly SnapshotWatch _watch;
    private SnapshotAnnouncement _announcement = Given.Announcement(2, 1, 2);

    public SnapshotWatchTests()
    {
        var index = GrainStub.Create<ISnapshotIndex>((_, _) => Task.FromResult(new Registration(Epoch.First, _announcement)));
        var grains = GrainStub.Create<IGrainFactory>((_, _) => index);
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
    public async Task Who_stays_is_told_again()
    {
        Add("p", 1);
        _announcement = Given.Announcement(2, 2);
        await StartAsync();
        Assert.Equal("p", await NextAsync());
        _time.Advance(await _time.NextTimerAsync());
        Assert.Equal("p", await NextAsync());
    }

    [Fact]
    public async Task Whose_place_another_activation_has_taken_takes_nothing_away_from_it()
    {
        var earlier = Add("p", 1);
        var later = Add("p", 1);
        _watch.Remove(LetterApplication.Name, Given.Snapshot(1), earlier);
        Assert.Same(later, Assert.Single(_watch.Activations));
        _watch.Remove(LetterApplication.Name, Given.Snapshot(1), later);
        Assert.Empty(_watch.Activations);
        await StartAsync();
        Assert.Equal(TimeSpan.FromSeconds(2), await _time.NextTimerAsync()); // Nothing is watched: it looks now and then.
    }

    private Local Add(string id, long snapshot)
    {
        var process = new Local(GrainId.Create("letters", id), _told.Writer);
        _watch.Add(LetterApplication.Name, Given.Snapshot(snapshot), process);
        return process;
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

    private sealed class Local(GrainId grain, ChannelWriter<string> told) : ILocalProcess
    {
        public GrainId Grain => grain;

        public void Learn(SnapshotAnnouncement announcement) => told.TryWrite(grain.Key.ToString()!);

        public void Accepted(IReadOnlySet<ReportKey> reports) => throw new NotSupportedException();
    }
}
