using Orleans.Storage;
using Snapshots.Protocol;

namespace Snapshots.Grains.Tests;

public sealed class ListingTests(ProcessCluster cluster) : IClassFixture<ProcessCluster>
{
    [Fact]
    public async Task Nothing_is_written_sent_or_answered_before_the_listing_is_kept()
    {
        await cluster.OpenAsync("h-from", "h-to");
        var written = WritesOf("h-from");
        var held = cluster.Storage.Hold(LetterCluster.ListingRowOf("h-from"), LetterCluster.Is(cluster.ShardOf("h-from")));
        var sent = cluster.Letters("h-from").SendAsync(new("h-to"), 5);
        await held.Hit;
        for (var call = 0; call < 50; call++) Assert.Equal(1000, (await cluster.Letters("h-from").GetAsync()).Balance);
        Assert.Equal(written, WritesOf("h-from"));
        Assert.False(sent.IsCompleted);
        Assert.Empty((await cluster.Letters("h-to").GetAsync()).Taken);
        held.Release();
        await sent;
        Assert.True(cluster.IsListed("h-from"));
        await cluster.UntilTakenAsync("h-to", 5);
    }

    [Theory]
    [InlineData(FaultKind.Before)]
    [InlineData(FaultKind.After)]
    [InlineData(FaultKind.Conflict)]
    public async Task A_listing_whose_write_fails_is_written_again_and_nobody_notices(FaultKind fault)
    {
        var (from, to) = ($"w-{fault}", $"w-to-{fault}");
        await cluster.OpenAsync(from, to);
        var failed = cluster.Storage.Fail(LetterCluster.ListingRowOf(from), LetterCluster.Is(cluster.ShardOf(from)), fault);
        var held = cluster.Storage.Hold("process", LetterCluster.Is(cluster.Letters(from)));
        var sent = cluster.Letters(from).SendAsync(new(to), 5);
        await failed.Hit;
        await held.Hit;
        Assert.True(cluster.IsListed(from));
        held.Release();
        await sent;
        await cluster.UntilTakenAsync(to, 5);
    }

    /// <summary>Listing is a write: who is busy again before it has rested pays none.</summary>
    [Fact]
    public async Task Who_is_busy_now_and_then_is_listed_once()
    {
        await cluster.OpenAsync("o-from", "o-to");
        var before = Listings();
        for (var amount = 1L; amount <= 5; amount++)
        {
            await cluster.Letters("o-from").SendAsync(new("o-to"), amount);
            await cluster.UntilTakenAsync("o-to", [.. Enumerable.Range(1, (int)amount).Select(each => (long)each)]);
        }

        Assert.Equal(1, Listings() - before);

        int Listings() => cluster.Storage
            .Written<StoredUnfinished>(LetterCluster.ListingRowOf("o-from"), LetterCluster.Is(cluster.ShardOf("o-from")))
            .Select(row => row.Processes.IndexOf("o-from") is var place and >= 0 ? row.Listings[place] : 0)
            .Where(listing => listing != 0)
            .Distinct()
            .Count();
    }

    /// <summary>
    /// (1) A process is listed, and rests; (2) a stale activation of it lists itself, in its place; (3) the shard wakes the process
    /// by that listing, and strikes it off. The process must not take itself for listed.
    /// </summary>
    [Fact]
    public async Task Who_is_woken_by_the_listing_of_another_lists_itself_again()
    {
        await cluster.OpenAsync("x-from", "x-to");
        await cluster.Letters("x-from").SendAsync(new("x-to"), 1);
        await DoneAsync("x-from", "x-to", 1);
        await NoteAsync("x-from", 77, unfinished: true);
        Assert.False(await cluster.Process("x-from").WakeAsync(77));
        await NoteAsync("x-from", 77, unfinished: false);
        Assert.False(cluster.IsListed("x-from"));
        var held = cluster.Storage.Hold("process", LetterCluster.Is(cluster.Letters("x-from")));
        var sent = cluster.Letters("x-from").SendAsync(new("x-to"), 2);
        await held.Hit;
        Assert.True(cluster.IsListed("x-from"));
        held.Release();
        await sent;
    }

    [Fact]
    public async Task Who_is_put_away_while_it_rests_is_struck_off()
    {
        await cluster.OpenAsync("a-from", "a-to");
        await cluster.Letters("a-from").SendAsync(new("a-to"), 1);
        await DoneAsync("a-from", "a-to", 1);
        Assert.True(cluster.IsListed("a-from"));
        await LetterCluster.DeactivateAsync(cluster.Letters("a-from"));
        await LetterCluster.UntilAsync(() => Task.FromResult(!cluster.IsListed("a-from")), "it is struck off");
    }

    [Fact]
    public async Task A_stale_activation_does_not_end_the_listing_of_its_successor()
    {
        await NoteAsync("successor", 1, unfinished: true);
        await NoteAsync("successor", 2, unfinished: true);
        await NoteAsync("successor", 1, unfinished: false);
        Assert.True(cluster.IsListed("successor"));
        await NoteAsync("successor", 2, unfinished: false);
        Assert.False(cluster.IsListed("successor"));
    }

    /// <summary>
    /// (1) An activation lists itself and is cut off; (2) its successor is woken, has nothing to do, and the listing ends; (3) the
    /// first one writes the work that it was listed for: nobody would look for it.
    /// </summary>
    [Fact]
    public async Task Who_is_woken_and_has_nothing_to_do_leaves_earlier_activations_no_write()
    {
        await cluster.OpenAsync("z-from", "z-to");
        var (earlier, process) = await EarlierActivationAsync("z-from");
        process.Send(new("z-to"), 5);
        await NoteAsync("z-from", 88, unfinished: true);
        Assert.False(await cluster.Process("z-from").WakeAsync(88));
        await Assert.ThrowsAsync<InconsistentStateException>(() => earlier.WriteAsync(process));
        await cluster.Letters("z-from").DepositAsync(1);
        Assert.Equal(1001, (await cluster.Letters("z-from").GetAsync()).Balance);
    }

    [Fact]
    public async Task A_newcomer_that_never_wrote_leaves_earlier_activations_no_write_either()
    {
        await cluster.ShardOf("y-from").RegisterAsync(new("y-from"), cluster.Letters("y-from").GetGrainId());
        var earlier = Open("y-from");
        await earlier.ReadAsync();
        var process = Given.Joined(new("y-from"));
        process.Send(new("z-to"), 5);
        await NoteAsync("y-from", 99, unfinished: true);
        Assert.False(await cluster.Process("y-from").WakeAsync(99));
        await Assert.ThrowsAsync<InconsistentStateException>(() => earlier.WriteAsync(process));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(66)]
    public async Task Who_is_woken_and_is_stale_goes_on_with_what_the_other_one_wrote(long listing)
    {
        var (from, to) = ($"v-from-{listing}", $"v-to-{listing}");
        await cluster.OpenAsync(from, to);
        var (other, process) = await EarlierActivationAsync(from);
        process.Send(new(to), 5);
        await other.WriteAsync(process);
        await Assert.ThrowsAsync<NotPersistedException>(() => cluster.Process(from).WakeAsync(listing));
        await cluster.UntilTakenAsync(to, 5);
    }

    private static ProcessRecordCodec<LetterState, Letter> Codec => Given.RecordCodec;

    /// <summary>What another activation has read, and the process that it made of it.</summary>
    private async Task<(ProcessStore<LetterState, Letter> Store, Process<LetterState, Letter> Process)> EarlierActivationAsync(string id)
    {
        await cluster.Process(id).SettleAsync();
        var store = Open(id);
        var record = await store.ReadAsync();
        Assert.NotNull(record);
        return (store, Given.Restored(record));
    }

    private ProcessStore<LetterState, Letter> Open(string id) =>
        new(cluster.Storage.For(cluster.Serializer), cluster.Letters(id).GetGrainId(), new(id), Codec);

    private Task NoteAsync(string id, long listing, bool unfinished) => cluster.ShardOf(id).NoteAsync([new(new(id), listing, unfinished)]);

    /// <summary>Waits until a process has nothing left to do: its letters are taken, and the acknowledgement is persisted.</summary>
    private async Task DoneAsync(string from, string to, params long[] amounts)
    {
        await cluster.UntilTakenAsync(to, amounts);
        await LetterCluster.UntilAsync(
            async () => await Open(from).ReadAsync() is { } record && record.Outgoing.All(channel => channel.Unacknowledged.IsEmpty),
            $"{from} has nothing left to do");
        await cluster.Process(from).SettleAsync();
    }

    private int WritesOf(string id) => cluster.Storage.Written<StoredRow>("process", LetterCluster.Is(cluster.Letters(id))).Count;
}
