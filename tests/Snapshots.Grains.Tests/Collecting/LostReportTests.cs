using Snapshots.Protocol;

namespace Snapshots.Grains.Tests;

/// <summary>
/// A process whose only work is a report does not enlist: its collector asks for what is missing.
/// </summary>
public sealed class LostReportTests(ReportCluster cluster) : IClassFixture<ReportCluster>
{
    [Fact]
    public async Task A_channel_state_that_is_lost_with_its_process_is_asked_for()
    {
        await cluster.OpenAsync("p", "x");
        await cluster.Letters("x").SendAsync(new("p"), 1);
        await cluster.UntilTakenAsync("p", 1);
        cluster.Reports.Refuses = report => report is { Process: "p", Kind: (int)ReportKind.Channel };
        var held = cluster.Storage.Hold("process", LetterCluster.Is(cluster.Letters("x")));
        var sent = cluster.Letters("x").SendAsync(new("p"), 5);
        await held.Hit;
        await cluster.BeginAsync("lost", initiator: "p");
        await LetterCluster.UntilAsync(async () => (await cluster.StoredAsync("p")).Recordings.Length > 0, "p has recorded");
        held.Release();
        await sent;
        await LetterCluster.UntilAsync(
            async () => (await cluster.Snapshots.GetAsync(new("lost")))!.Progress.WaitingFor.SequenceEqual(["x->p"]), "only the channel is missing");
        await LetterCluster.UntilAsync(() => Task.FromResult(cluster.Reports.Count("p", ReportKind.Channel) > 0), "p has reported it");
        await RestsAsync("p");
        await RestsAsync("x");
        await LeaveAsync("p");
        cluster.Reports.Refuses = _ => false;
        var state = await cluster.ProveAsync(await cluster.EndOfAsync("lost"));
        Assert.Equal([5], state.Channels.SelectMany(channel => channel.Messages).Select(message => message.Message.Amount));
    }

    /// <summary>A collector that asks for what was reported has lost it.</summary>
    [Fact]
    public async Task Who_is_asked_for_a_report_that_got_no_receipt_repeats_it_whatever_it_has_repeated_before()
    {
        await cluster.OpenAsync("again");
        cluster.Reports.Refuses = report => report.Process == "again";
        await cluster.BeginAsync("asked", TimeSpan.FromMinutes(2));

        // By itself it would report after 2, 6, 14, 30 and 62 seconds.
        await LetterCluster.UntilAsync(() => Task.FromResult(cluster.Reports.Count("again", ReportKind.Local) > 5), "it repeats every 2 s");
        cluster.Reports.Refuses = _ => false;
        await cluster.ProveAsync(await cluster.EndOfAsync("asked"));
    }

    /// <summary>
    /// To enlist a hundred thousand idle processes for each snapshot would cost more than all else of it.
    /// </summary>
    [Fact]
    public async Task A_process_without_channels_is_recorded_and_never_enlists()
    {
        await cluster.OpenAsync("idle");
        await cluster.TakeAsync("unlisted");
        await cluster.Process("idle").SettleAsync();
        Assert.Contains(new ProcessId("idle"), (await cluster.TakeAsync("unlisted-2")).Processes.Select(process => process.Id));
        Assert.False(cluster.WasEnlisted("idle"));
    }

    /// <summary>Nothing of it is under way, so nothing but its collector wakes it.</summary>
    private Task RestsAsync(string id) => LetterCluster.UntilAsync(
        async () =>
        {
            await cluster.Letters(id).DepositAsync(0);
            return (await cluster.StoredAsync(id)).Outgoing.All(channel => channel.Unacknowledged.IsEmpty);
        },
        $"{id} rests");

    private async Task LeaveAsync(string id)
    {
        var context = cluster.ContextOf(id);
        await LetterCluster.DeactivateAsync(cluster.Letters(id));
        await context.Deactivated.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }
}
