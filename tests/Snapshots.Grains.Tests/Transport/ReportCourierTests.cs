using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Snapshots.Protocol;

namespace Snapshots.Grains.Tests;

public sealed class ReportCourierTests : IDisposable
{
    private const int MaxReportsPerCall = 1024;
    private const int MaxBytesPerCall = 4 * 1024 * 1024;
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(30);

    private readonly SiloStopping _stopping = new();
    private readonly Channel<ReportSurrogate[]> _calls = Channel.CreateUnbounded<ReportSurrogate[]>();
    private readonly Channel<IReadOnlySet<ReportKey>> _receipts = Channel.CreateUnbounded<IReadOnlySet<ReportKey>>();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly ReportCourier _courier;

    /// <summary>How the part takes a call.</summary>
    private Func<ReportSurrogate[], Task<ReportVerdict[]>> _take = Accept;

    public ReportCourierTests()
    {
        var part = GrainStub.Create<ISnapshotPart>((_, arguments) =>
        {
            var (reports, take) = ((ReportSurrogate[])arguments[0]!, _take);
            _calls.Writer.TryWrite(reports);
            return take(reports);
        });
        var grains = GrainStub.Create<IGrainFactory>((_, _) => part);
        _courier = new(grains, ActivatorUtilities.CreateInstance<SnapshotInstruments>(_services), TimeProvider.System, _stopping, new(TimeProvider.System, NullLogger<CallFailures>.Instance));
    }

    public void Dispose()
    {
        _stopping.Dispose();
        _services.Dispose();
    }

    [Fact]
    public async Task A_report_that_waits_or_is_under_way_is_not_taken_twice()
    {
        var taken = Hold();
        Send(0);
        await NextAsync();
        Send(0); // It is under way.
        Send(1);
        Send(1); // It waits.
        _take = Accept;
        taken.SetResult([ReportVerdict.Accepted]);
        Assert.Equal([Ids[1]], (await NextAsync()).Select(report => report.Process));
        await ReceiptAsync();
        await ReceiptAsync();
        Assert.False(_calls.Reader.TryRead(out _));
    }

    [Fact]
    public async Task A_report_that_was_not_taken_may_come_again()
    {
        _take = _ => Task.FromException<ReportVerdict[]>(new IOException());
        Send(0);
        await NextAsync();
        _take = Accept;
        await LetterCluster.UntilAsync(
            () =>
            {
                Send(0);
                return Task.FromResult(_calls.Reader.TryPeek(out _));
            },
            "it is sent again");
        await ReceiptAsync();
    }

    [Fact]
    public async Task A_call_has_a_bounded_number_of_reports()
    {
        var taken = Hold();
        Send(0);
        await NextAsync();
        for (var number = 1; number <= MaxReportsPerCall + 1; number++) Send(number);
        _take = Accept;
        taken.SetResult([ReportVerdict.Accepted]);
        Assert.Equal(MaxReportsPerCall, (await NextAsync()).Length);
        Assert.Single(await NextAsync());
    }

    /// <summary>Reports of one call become one row.</summary>
    [Fact]
    public async Task A_call_has_a_bounded_number_of_bytes_but_for_one_report_that_is_larger()
    {
        var taken = Hold();
        Send(0);
        await NextAsync();
        for (var number = 1; number <= 4; number++) Send(number, (MaxBytesPerCall / 2) - 100);
        Send(5, 2 * MaxBytesPerCall);
        Send(6);
        _take = Accept;
        taken.SetResult([ReportVerdict.Accepted]);
        var sizes = new List<int>();
        while (sizes.Sum() < 6) sizes.Add((await NextAsync()).Length);
        Assert.Equal([2, 2, 1, 1], sizes);
    }

    [Fact]
    public async Task A_report_of_another_epoch_gets_no_receipt()
    {
        var first = Hold();
        Send(0);
        await NextAsync();
        Send(1);
        var second = Hold();
        first.SetResult([ReportVerdict.WrongEpoch]);
        await NextAsync(); // The first call is dealt with.
        Assert.False(_receipts.Reader.TryRead(out _));
        second.SetResult([ReportVerdict.Accepted]);
        await ReceiptAsync();
    }

    [Fact]
    public async Task A_part_that_is_not_started_yet_gets_the_same_reports_again()
    {
        _take = _ => Task.FromResult<ReportVerdict[]>([]);
        Send(0);
        await NextAsync();
        await NextAsync();
        _take = Accept;
        Assert.Single(await ReceiptAsync());
    }

    /// <summary>Ids of one part, so that all go one way.</summary>
    private static readonly string[] Ids = [.. Enumerable.Range(0, int.MaxValue)
        .Select(number => $"p{number}")
        .Where(id => DirectoryKeys.Parts.PartOf(new(id)) == DirectoryKeys.Parts.PartOf(new("p0")))
        .Take(MaxReportsPerCall + 2)];

    private static Task<ReportVerdict[]> Accept(ReportSurrogate[] reports) => Task.FromResult(new ReportVerdict[reports.Length]);

    private void Send(int number, int bytes = 1)
    {
        var id = Ids[number];
        _courier.Send(LetterApplication.Name, new Local(GrainId.Create("letters", id), _receipts.Writer), new LocalReport<StatePayload>(
            Given.Snapshot(1), Epoch.First, new(id), new(new Payload(new byte[bytes]), default), Sent: [], Delivered: []));
    }

    private TaskCompletionSource<ReportVerdict[]> Hold()
    {
        var taken = new TaskCompletionSource<ReportVerdict[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        _take = _ => taken.Task;
        return taken;
    }

    private Task<ReportSurrogate[]> NextAsync() =>
        _calls.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(MaxWait, TestContext.Current.CancellationToken);

    private Task<IReadOnlySet<ReportKey>> ReceiptAsync() =>
        _receipts.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(MaxWait, TestContext.Current.CancellationToken);

    private sealed record Local(GrainId Grain, ChannelWriter<IReadOnlySet<ReportKey>> Receipts) : ILocalProcess
    {
        public void Learn(SnapshotAnnouncement announcement) => throw new NotSupportedException();

        public void Accepted(IReadOnlySet<ReportKey> reports) => Receipts.TryWrite(reports);
    }
}
