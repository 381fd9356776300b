namespace Snapshots.Grains.Tests;

public sealed class SlowWriteTests(SlowWriteCluster cluster) : IClassFixture<SlowWriteCluster>
{
    /// <summary>Three rows, and the comparison of one that has nothing to do.</summary>
    private const int ReadsOfWaking = 4;

    /// <summary>
    /// (1) A process is put away in the middle of a write; (2) its next activation is woken, reads what was stored before, and has
    /// nothing to do; (3) the write takes effect, and the marker that leaves with it is lost: nobody would repeat it.
    /// </summary>
    [Fact]
    public async Task What_a_write_leaves_behind_that_outlives_its_activation_is_found()
    {
        await cluster.OpenAsync("slow", "other");
        await cluster.Letters("slow").SendAsync(new("other"), 5);
        await LetterCluster.UntilAsync(
            async () =>
            {
                await cluster.Letters("slow").DepositAsync(0);
                return (await cluster.StoredAsync("slow")).Outgoing.All(channel => channel.Unacknowledged.IsEmpty);
            },
            "the letter is acknowledged");
        var number = (await cluster.BeginAsync("slow")).Number;
        var registration = await cluster.Index.GetAnnouncementAsync();
        var process = LetterCluster.Is(cluster.Letters("slow"));
        var held = cluster.Storage.Hold("process", process);
        await cluster.Process("slow").RecordAsync(number, registration.Epoch, registration.Announcement);
        await held.Hit;
        var reads = cluster.Storage.Reads(process);
        await LetterCluster.DeactivateAsync(cluster.Letters("slow"));
        await LetterCluster.UntilAsync(
            () => Task.FromResult(cluster.Storage.Reads(process) >= reads + ReadsOfWaking), "the next activation is awake");
        var lost = cluster.Storage.Fail("process", LetterCluster.Is(cluster.Letters("other")), FaultKind.Before);
        held.Release();
        await lost.Hit;
        await cluster.ProveAsync(await cluster.EndOfAsync("slow"));
    }
}
