using Snapshots.Protocol;

namespace Snapshots.Grains.Tests;

public sealed class WaitingStepsTests
{
    private readonly WaitingSteps<string, string> _steps = new(new SnapshotsOptions(), new ManualTime(), Given.Alice);
    private readonly HashSet<string> _full = ["q"];
    private readonly List<string> _made = [];

    /// <summary>Else a stream of small steps would take the room that a large one waits for.</summary>
    [Fact]
    public Task A_step_that_comes_while_others_wait_for_its_channel_waits_behind_them() => AsAGrainAsync(async () =>
    {
        Assert.False(_steps.Blocks(To("q")));
        var waiting = WaitAsync("first", "q");
        Assert.True(_steps.Blocks(To("r", "q")));
        Assert.False(_steps.Blocks(To("r")));
        Assert.False(_steps.Blocks(null));
        _full.Clear();
        _steps.Retry();
        await waiting;
        Assert.False(_steps.Blocks(To("q")));
    });

    [Fact]
    public Task No_step_passes_an_earlier_one_that_waits_for_one_of_its_channels() => AsAGrainAsync(async () =>
    {
        Task[] waiting = [WaitAsync("q and r", "q", "r"), WaitAsync("r", "r"), WaitAsync("s", "s")];
        _steps.Retry();
        Assert.Equal(["s"], _made);
        _full.Clear();
        _steps.Retry();
        Assert.Equal(["s", "q and r", "r"], _made);
        await Task.WhenAll(waiting);
    });

    /// <summary>One turn at a time, as on the scheduler of a grain.</summary>
    private static Task AsAGrainAsync(Func<Task> test) => Task.Factory.StartNew(
        test,
        TestContext.Current.CancellationToken,
        TaskCreationOptions.None,
        new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler).Unwrap();

    private static Reaction<string, string> To(params string[] targets) =>
        new(string.Empty, [.. targets.Select(target => new Outgoing<string>(new(target), "message"))]);

    private Task<string> WaitAsync(string name, params string[] targets) => _steps.WaitAsync<string>(
        () =>
        {
            if (targets.Any(_full.Contains)) return (null, To(targets));
            _made.Add(name);
            return (Task.FromResult(name), null);
        },
        To(targets));
}
