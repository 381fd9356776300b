namespace Snapshots.Grains.Tests;

/// <summary>A silo is lost with pending work, and no test calls the process that has it.</summary>
public sealed class LossTests
{
    [Fact]
    public async Task Frames_of_a_lost_silo_arrive_and_a_process_without_work_is_not_loaded()
    {
        await using var cluster = await LossCluster.StartAsync();
        var idle = await OpenIdleAsync(cluster);
        var (from, to) = await cluster.OpenApartAsync("f");
        await SendInVainAsync(cluster, from, to, () => cluster.LoseAsync(cluster.SiloOf(from)), idle);
    }

    [Fact]
    public async Task Frames_of_a_lost_cluster_arrive_and_a_process_without_work_is_not_loaded()
    {
        await using var cluster = await LossCluster.StartAsync();
        var idle = await OpenIdleAsync(cluster);
        var (from, to) = await cluster.OpenApartAsync("f");
        await SendInVainAsync(cluster, from, to, () => cluster.LoseAllAsync(), idle);
    }

    /// <summary>No process is woken to be told the end of a snapshot that has all of it.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_recording_of_a_lost_silo_is_freed_when_its_process_is_next_active_after_the_end(bool all)
    {
        await using var cluster = await LossCluster.StartAsync();
        var (lost, blocked) = await cluster.OpenApartAsync("r");
        var held = cluster.Storage.Hold("process", LetterCluster.Is(cluster.Letters(blocked)));
        var step = cluster.Letters(blocked).DepositAsync(0);
        await held.Hit;
        var number = (await cluster.BeginAsync("s")).Number;
        await LetterCluster.UntilAsync(
            async () => (await cluster.Snapshots.GetAsync(new("s")))!.Progress.WaitingFor.SequenceEqual([blocked]), $"only {blocked} is missing");
        if (all) await cluster.LoseAllAsync();
        else await cluster.LoseAsync(cluster.SiloOf(lost));
        held.Release();
        await step.WaitAsync(TimeSpan.FromSeconds(40), TestContext.Current.CancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        await cluster.ProveAsync(await cluster.EndOfAsync("s"));
        await LetterCluster.UntilAsync(
            async () =>
            {
                await cluster.Letters(lost).DepositAsync(0);
                return (await cluster.StoredAsync(lost)).Recordings.IsEmpty;
            },
            "the recording is freed");
        Assert.True((await cluster.StoredAsync(lost)).Known.HasEnded(number));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_report_of_a_lost_silo_is_sent_again(bool all)
    {
        await using var cluster = await LossCluster.StartAsync();
        await cluster.OpenAsync("p");
        var next = (await cluster.Index.GetAnnouncementAsync()).Announcement.Highest.Value + 1;
        var failed = cluster.Storage.Hold("reports-0", LetterCluster.Is(cluster.Part(next, "p")), FaultKind.Before);
        await cluster.BeginAsync("s");
        await failed.Hit;
        if (all) await cluster.LoseAllAsync();
        else await cluster.LoseAsync(cluster.SiloOf("p"));
        failed.Release();
        await cluster.ProveAsync(await cluster.EndOfAsync("s"));
    }

    /// <summary>
    /// Sends a letter whose delivery is lost with its write, and with it the silo that would send it again.
    /// </summary>
    private static async Task SendInVainAsync(LossCluster cluster, string from, string to, Func<Task> loseAsync, Func<GrainId, bool> idle)
    {
        var failed = cluster.Storage.Hold("process", LetterCluster.Is(cluster.Letters(to)), FaultKind.Before);
        await cluster.Letters(from).SendAsync(new(to), 5);
        await failed.Hit;
        var reads = cluster.Storage.Reads(idle);
        await loseAsync();
        failed.Release();
        await cluster.UntilTakenAsync(to, 5);
        await LetterCluster.UntilAsync(
            async () => (await cluster.StoredAsync(from)).Outgoing.All(channel => channel.Unacknowledged.IsEmpty), "it is acknowledged");
        await LetterCluster.UntilAsync(() => Task.FromResult(!cluster.IsEnlisted(from)), "its token is released");
        Assert.Equal(reads, cluster.Storage.Reads(idle));
    }

    /// <summary>Processes on all silos that have had something to do, and have done it.</summary>
    private static async Task<Func<GrainId, bool>> OpenIdleAsync(LossCluster cluster)
    {
        var ids = Enumerable.Range(0, 20).Select(number => $"idle-{number}").ToArray();
        await cluster.OpenAsync(ids);
        await Task.WhenAll(ids.Select(id => cluster.Letters(id).SendAsync(new("idle-0" == id ? "idle-1" : "idle-0"), 1)));
        await LetterCluster.UntilAsync(() => Task.FromResult(!ids.Any(cluster.IsEnlisted)), "all tokens are released");
        var grains = ids.Select(id => cluster.Letters(id).GetGrainId()).ToHashSet();
        return grains.Contains;
    }
}
