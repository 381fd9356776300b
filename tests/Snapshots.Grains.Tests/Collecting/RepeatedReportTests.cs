using Snapshots.Protocol;

namespace Snapshots.Grains.Tests;

public sealed class RepeatedReportTests(UnaskedReportCluster cluster) : IClassFixture<UnaskedReportCluster>
{
    /// <summary>
    /// (1) p has recorded, and its report got no receipt; (2) p writes something else, slowly; (3) the marker of x
    /// comes and closes a channel; (4) the time comes to report again; (5) the write of (2) ends. What (3) closed is
    /// not written: were it reported now and the next write lost, the channel's marker would come again, with whatever
    /// p then knows.
    /// </summary>
    [Fact]
    public async Task Nothing_is_reported_again_that_is_not_written()
    {
        await cluster.OpenAsync("p", "x");
        await cluster.Letters("x").SendAsync(new("p"), 1);
        await cluster.UntilTakenAsync("p", 1);
        await cluster.Process("x").SettleAsync();
        cluster.Reports.Refuses = _ => true;
        var summary = await cluster.BeginAsync("s");
        var registration = await cluster.Index.GetAnnouncementAsync();

        var letter = cluster.Storage.Hold("process", LetterCluster.Is(cluster.Letters("x")));
        var cut = cluster.Storage.Hold("process", LetterCluster.Is(cluster.Letters("x")));
        var sent = cluster.Letters("x").SendAsync(new("p"), 5);
        await letter.Hit;
        await cluster.Process("p").RecordAsync(summary.Number, registration.Epoch, registration.Announcement);
        await UntilReportedAsync("p", 1);

        var slow = cluster.Storage.Hold("process", LetterCluster.Is(cluster.Letters("p")));
        var next = cluster.Storage.Hold("process", LetterCluster.Is(cluster.Letters("p")));
        letter.Release();
        await sent;
        await slow.Hit;
        await cut.Hit;
        cut.Release();
        await UntilReportedAsync("x", 2); // So it is time for p, too, which reported before x.
        slow.Release();
        await next.Hit;
        await UntilReportedAsync("x", 3); // Whatever p had reported by now has come.
        Assert.Equal(0, cluster.Reports.Count("p", ReportKind.Channel));

        next.Release();
        await LetterCluster.UntilAsync(() => Task.FromResult(cluster.Reports.Count("p", ReportKind.Channel) > 0), "the channel is reported");
        cluster.Reports.Refuses = _ => false;
        var state = await cluster.ProveAsync(await cluster.EndOfAsync("s"));
        Assert.Equal([5], state.Channels.SelectMany(channel => channel.Messages).Select(message => message.Message.Amount));
    }

    private Task UntilReportedAsync(string id, int times) => LetterCluster.UntilAsync(
        () => Task.FromResult(cluster.Reports.Count(id, ReportKind.Local) >= times), $"{id} has reported {times} times");
}
