using Microsoft.Extensions.DependencyInjection;
using Snapshots.Protocol;

namespace Snapshots.Grains.Tests;

/// <summary>A cluster that refuses clients what is for silos.</summary>
public sealed class BarredCluster : LetterCluster
{
    private protected override void Configure(ISiloBuilder silo) => silo.Services.AddSingleton<IIncomingGrainCallFilter, ClientCallFilter>();
}

public sealed class ClientCallFilterTests(BarredCluster cluster) : IClassFixture<BarredCluster>
{
    [Fact]
    public async Task A_client_takes_reads_lists_aborts_and_deletes_snapshots()
    {
        await cluster.OpenAsync("alice", "bob");
        await cluster.Letters("alice").SendAsync(new("bob"), 5);
        await cluster.TakeAsync("allowed");
        Assert.Equal(["allowed"], (await cluster.Snapshots.ListAsync(1)).Select(summary => summary.Id.Value));
        Assert.Contains(new ProcessId("bob"), await cluster.Snapshots.ListProcessesAsync());
        Assert.True(await cluster.Snapshots.AbortAsync(new("allowed"), "too late"));
        Assert.True(await cluster.Snapshots.DeleteAsync(new("allowed")));
    }

    [Fact]
    public async Task A_client_begins_reads_lists_and_aborts_restores()
    {
        var nothing = new RestoreRequest(new("nothing"), "", TakesSafety: false);
        await Assert.ThrowsAsync<KeyNotFoundException>(() => cluster.Snapshots.BeginRestoreAsync(nothing));
        Assert.Empty(await cluster.Snapshots.ListRestoresAsync(1));
        Assert.Null(await cluster.Snapshots.GetRestoreAsync(new(1)));
        Assert.Null(await cluster.Snapshots.AbortRestoreAsync(new(1), "nothing"));
        Assert.Equal(Epoch.First, await cluster.Snapshots.GetEpochAsync());
    }

    [Fact]
    public async Task A_client_can_neither_register_nor_mark_nor_teach_nor_end()
    {
        await cluster.OpenAsync("carol");
        var highest = Given.Announcement(long.MaxValue);
        var refused = await Assert.ThrowsAsync<UnauthorizedAccessException>(
            () => cluster.ShardOf("mallory").RegisterAsync(new("mallory"), GrainId.Create("account", "mallory"), isByMessage: false));
        Assert.Equal("IDirectoryShard.RegisterAsync is for silos, not for clients.", refused.Message);
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => cluster.ShardOf("carol").MarkAsync(highest));
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => cluster.Process("carol").LearnAsync(highest));
        var closed = new Gate(new(2), new(1), IsOpen: false);
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => cluster.ShardOf("carol").OrderAsync(new(closed, new(1))));
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => cluster.Process("carol").ObeyAsync(closed));
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => cluster.Process("carol").RestoreAsync(closed, false, []));
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => cluster.Collector(1).DeleteAsync());
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => cluster.Part(1, 0).EndAsync());
        await Assert.ThrowsAsync<UnauthorizedAccessException>(
            () => cluster.Grains.GetGrain<IFrameQueue>("any").PutAsync([]));
        await cluster.TakeAsync("unharmed");
    }
}
