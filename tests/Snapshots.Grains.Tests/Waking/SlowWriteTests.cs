using Snapshots.Protocol;

namespace Snapshots.Grains.Tests;

/// <summary>A process is deactivated in the middle of a write that is slower than its deactivation may be.</summary>
public sealed class SlowWriteTests(SlowWriteCluster cluster) : IClassFixture<SlowWriteCluster>
{
    private GrainId Slow => cluster.Letters("slow").GetGrainId();

    /// <summary>
    /// (1) A process is deactivated in the middle of a write; (2) its next activation is woken, reads what was stored
    /// before, and has nothing to do; (3) the write takes effect, and the marker that leaves with it is lost. Without
    /// the fence that the wake-up writes, no one would repeat the marker.
    /// </summary>
    [Fact]
    public async Task What_a_write_leaves_behind_that_outlives_its_activation_is_found()
    {
        var (number, held, fence) = await DeactivateInAWriteAsync("found");
        var lost = cluster.Storage.Fail(
            TestJournals.Name, LetterCluster.Is(cluster.Letters("other")), FaultKind.Before);
        held.Release();
        await lost.Hit;
        fence.Release();
        await cluster.ProveAsync(await cluster.EndOfAsync("found"));
        Assert.True((await cluster.Index.GetAnnouncementAsync()).Announcement.HasEnded(number));
    }

    /// <summary>
    /// (1) and (2) as above; (3) the fence is stored; (4) the write comes. It was never answered, so it must not take
    /// effect.
    /// </summary>
    [Fact]
    public async Task A_write_that_comes_after_the_fence_of_the_next_activation_is_refused()
    {
        var (number, held, fence) = await DeactivateInAWriteAsync("refused");
        var (writes, refusals) = (cluster.WritesOf("slow"), cluster.Journals.RefusalsOf(Slow));
        fence.Release();
        await LetterCluster.UntilAsync(() => Task.FromResult(cluster.WritesOf("slow") > writes), "the fence is stored");
        held.Release();
        await LetterCluster.UntilAsync(
            () => Task.FromResult(cluster.Journals.RefusalsOf(Slow) > refusals), "the write is refused");
        Assert.Empty((await cluster.StoredAsync("slow")).Recordings);
        await RecordAsync(number);
        await cluster.ProveAsync(await cluster.EndOfAsync("refused"));
    }

    /// <summary>
    /// Holds the write with which a process records a snapshot, deactivates the process, and waits until the next
    /// activation is at its fence.
    /// </summary>
    private async Task<(SnapshotNumber Number, StorageRule Write, StorageRule Fence)> DeactivateInAWriteAsync(
        string snapshot)
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
        var number = (await cluster.BeginAsync(snapshot)).Number;
        var held = cluster.Storage.Hold(TestJournals.Name, LetterCluster.Is(cluster.Letters("slow")));
        await RecordAsync(number);
        await held.Hit;
        var fence = cluster.Storage.Hold(TestJournals.Name, LetterCluster.Is(cluster.Letters("slow")));
        await LetterCluster.DeactivateAsync(cluster.Letters("slow"));
        await fence.Hit;
        return (number, held, fence);
    }

    private async Task RecordAsync(SnapshotNumber number)
    {
        var registration = await cluster.Index.GetAnnouncementAsync();
        await cluster.Process("slow").RecordAsync(number, registration.Epoch, registration.Announcement);
    }
}
