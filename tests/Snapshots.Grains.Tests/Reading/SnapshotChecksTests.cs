using System.Diagnostics.Metrics;
using Snapshots.Detection;
using Snapshots.Protocol;

namespace Snapshots.Grains.Tests;

/// <summary>Checks of an application run in a silo, on a snapshot that is read piece by piece.</summary>
public sealed class SnapshotChecksTests(CheckCluster cluster) : IClassFixture<CheckCluster>
{
    [Fact]
    public async Task Every_piece_is_read_once_and_a_finding_counts()
    {
        await cluster.Letters("alice").DepositAsync(10);
        await cluster.Letters("alice").SendAsync(new("bob"), 3);
        var view = await TakeAsync("s-1");
        var findings = new List<(long, string?)>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, all) =>
            {
                if (instrument.Name == "snapshots.check.findings") all.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, count, tags, _) =>
            findings.Add((count, tags.ToArray().Single(tag => tag.Key == "check").Value as string)));
        listener.Start();

        var results = await cluster.Snapshots.CheckAsync(view);
        Assert.Equal(["alarming", "total"], results.Select(result => result.Name));
        Assert.Matches("^([1-9]\\d*) of \\1$", Assert.Single(results[1].Witness)); // Other tests deposit, too.
        Assert.Equal((CheckClass.Invariant, true, false), (results[1].Class, results[1].Holds, results[1].Finding));
        Assert.True(results[0].Finding);
        Assert.Equal([(1, "alarming")], findings);

        Assert.Equal(["total"], (await cluster.Snapshots.CheckAsync(view, "total")).Select(result => result.Name));
        var unknown = await Assert.ThrowsAsync<KeyNotFoundException>(() => cluster.Snapshots.CheckAsync(view, "nosuch"));
        Assert.EndsWith("declares no check nosuch; it declares alarming, total", unknown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pieces_are_what_the_whole_is()
    {
        await cluster.Letters("carol").DepositAsync(50);
        for (var number = 0; number < 20; number++) await cluster.Letters("carol").SendAsync(new($"d{number}"), 1, 1);
        var view = await TakeAsync("s-2");
        var states = cluster.Serializer.GetSerializer<LetterState>();
        var messages = cluster.Serializer.GetSerializer<Letter>();
        var whole = await cluster.Snapshots.ReadAsync(view, states, messages);
        var (processes, channels) = (new List<ProcessState<LetterState>>(), new List<ChannelState<Letter>>());
        await cluster.Snapshots.ReadAsync(view, states, messages, processes.Add, channels.Add);
        Assert.Equal(
            whole.Processes.Select(process => (process.Id, process.State.Balance)),
            processes.OrderBy(process => process.Id).Select(process => (process.Id, process.State.Balance)));
        Assert.Equal(
            whole.Channels.Where(channel => channel.Messages.Length > 0).Select(Text),
            channels.OrderBy(channel => channel.Channel).Select(Text));

        static string Text(ChannelState<Letter> channel) =>
            $"{channel.Channel} {channel.Sent} {channel.Delivered} {string.Join(' ', channel.Messages)}";
    }

    private async Task<SnapshotView> TakeAsync(string id)
    {
        await cluster.Snapshots.BeginAsync(new(new(id), Initiator: default, TimeSpan.FromSeconds(30)));
        return await cluster.Snapshots.WaitAsync(new(id), progress: null, TestContext.Current.CancellationToken);
    }
}

public sealed class CheckCluster : LetterCluster
{
    private protected override void Configure(ISiloBuilder silo) => silo.AddCheck<TotalCheck>().AddCheck<AlarmingCheck>();
}

/// <summary>Whether what was put in is there.</summary>
internal sealed class TotalCheck : ISnapshotCheck<LetterState, Letter>
{
    public string Name => "total";

    public CheckClass Class => CheckClass.Invariant;

    public bool IsAlarm => false;

    public ICheckRun<LetterState, Letter> Begin() => new Run();

    private sealed class Run : ICheckRun<LetterState, Letter>
    {
        private long _there;
        private long _deposited;

        public void Add(ProcessState<LetterState> process)
        {
            _there += process.State.Balance;
            _deposited += process.State.Deposited;
        }

        public void Add(ChannelState<Letter> channel) => _there += channel.Messages.Sum(each => each.Message.Amount);

        public CheckAnswer Conclude() => new(_there == _deposited, [$"{_there} of {_deposited}"]);
    }
}

/// <summary>A stable property that always holds.</summary>
internal sealed class AlarmingCheck : ISnapshotCheck<LetterState, Letter>, ICheckRun<LetterState, Letter>
{
    public string Name => "alarming";

    public CheckClass Class => CheckClass.Stable;

    public bool IsAlarm => true;

    public ICheckRun<LetterState, Letter> Begin() => this;

    public void Add(ProcessState<LetterState> process)
    {
    }

    public void Add(ChannelState<Letter> channel)
    {
    }

    public CheckAnswer Conclude() => new(Holds: true, []);
}
