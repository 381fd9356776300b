using Orleans.Storage;
using Snapshots.Protocol;

namespace Snapshots.Grains.Tests;

/// <summary>A process is in the pending-work registry before it leaves frames under way.</summary>
public sealed class PendingWorkTests(ProcessCluster cluster) : IClassFixture<ProcessCluster>
{
    [Fact]
    public async Task Nothing_is_written_sent_or_answered_before_the_token_is_stored()
    {
        await cluster.OpenAsync("h-from", "h-to");
        var written = cluster.WritesOf("h-from");
        var held = cluster.Storage.Hold(LetterCluster.RegistryRowOf("h-from"), LetterCluster.Is(cluster.ShardOf("h-from")));
        var sent = cluster.Letters("h-from").SendAsync(new("h-to"), 5);
        await held.Hit;
        for (var call = 0; call < 50; call++) Assert.Equal(1000, (await cluster.Letters("h-from").GetAsync()).Balance);
        Assert.Equal(written, cluster.WritesOf("h-from"));
        Assert.False(sent.IsCompleted);
        Assert.Empty((await cluster.Letters("h-to").GetAsync()).Taken);
        held.Release();
        await sent;
        Assert.True(cluster.IsEnlisted("h-from"));
        await cluster.UntilTakenAsync("h-to", 5);
    }

    [Theory]
    [InlineData(FaultKind.Before)]
    [InlineData(FaultKind.After)]
    [InlineData(FaultKind.Conflict)]
    public async Task A_token_whose_write_fails_is_written_again_and_the_caller_does_not_notice(FaultKind fault)
    {
        var (from, to) = ($"w-{fault}", $"w-to-{fault}");
        await cluster.OpenAsync(from, to);
        var failed = cluster.Storage.Fail(LetterCluster.RegistryRowOf(from), LetterCluster.Is(cluster.ShardOf(from)), fault);
        var held = cluster.Storage.Hold("process", LetterCluster.Is(cluster.Letters(from)));
        var sent = cluster.Letters(from).SendAsync(new(to), 5);
        await failed.Hit;
        await held.Hit;
        Assert.True(cluster.IsEnlisted(from));
        held.Release();
        await sent;
        await cluster.UntilTakenAsync(to, 5);
    }

    /// <summary>To enlist is a write: a process that is busy again before it has rested pays for none.</summary>
    [Fact]
    public async Task A_process_that_is_busy_now_and_then_enlists_once()
    {
        await cluster.OpenAsync("o-from", "o-to");
        var before = Tokens();
        for (var amount = 1L; amount <= 5; amount++)
        {
            await cluster.Letters("o-from").SendAsync(new("o-to"), amount);
            await cluster.UntilTakenAsync("o-to", [.. Enumerable.Range(1, (int)amount).Select(each => (long)each)]);
        }

        Assert.Equal(1, Tokens() - before);

        int Tokens() => cluster.Storage
            .Written<StoredUnfinished>(LetterCluster.RegistryRowOf("o-from"), LetterCluster.Is(cluster.ShardOf("o-from")))
            .Select(row => row.Processes.IndexOf("o-from") is var place and >= 0 ? row.Listings[place] : 0)
            .Where(token => token != 0)
            .Distinct()
            .Count();
    }

    /// <summary>
    /// (1) A process enlists, and rests; (2) a stale activation of it enlists, in its place; (3) the shard wakes the
    /// process under that token, and removes it from the registry. The process must not take itself for enlisted.
    /// </summary>
    [Fact]
    public async Task A_process_that_is_woken_under_the_token_of_another_activation_enlists_again()
    {
        await cluster.OpenAsync("x-from", "x-to");
        await cluster.Letters("x-from").SendAsync(new("x-to"), 1);
        await DoneAsync("x-from", "x-to", 1);
        await NoteAsync("x-from", 77, unfinished: true);
        Assert.False(await cluster.Process("x-from").WakeAsync(77));
        await NoteAsync("x-from", 77, unfinished: false);
        Assert.False(cluster.IsEnlisted("x-from"));
        var held = cluster.Storage.Hold("process", LetterCluster.Is(cluster.Letters("x-from")));
        var sent = cluster.Letters("x-from").SendAsync(new("x-to"), 2);
        await held.Hit;
        Assert.True(cluster.IsEnlisted("x-from"));
        held.Release();
        await sent;
    }

    [Fact]
    public async Task A_process_that_is_deactivated_while_it_rests_releases_its_token()
    {
        await cluster.OpenAsync("a-from", "a-to");
        await cluster.Letters("a-from").SendAsync(new("a-to"), 1);
        await DoneAsync("a-from", "a-to", 1);
        Assert.True(cluster.IsEnlisted("a-from"));
        await LetterCluster.DeactivateAsync(cluster.Letters("a-from"));
        await LetterCluster.UntilAsync(() => Task.FromResult(!cluster.IsEnlisted("a-from")), "its token is released");
    }

    [Fact]
    public async Task A_stale_activation_does_not_release_the_token_of_its_successor()
    {
        await NoteAsync("successor", 1, unfinished: true);
        await NoteAsync("successor", 2, unfinished: true);
        await NoteAsync("successor", 1, unfinished: false);
        Assert.True(cluster.IsEnlisted("successor"));
        await NoteAsync("successor", 2, unfinished: false);
        Assert.False(cluster.IsEnlisted("successor"));
    }

    /// <summary>
    /// (1) An activation enlists and is cut off; (2) its successor is woken, has nothing to do, and the token is
    /// released; (3) the first one writes the work that it enlisted for. No one would look for that work.
    /// </summary>
    [Fact]
    public async Task A_process_that_is_woken_and_has_nothing_to_do_leaves_earlier_activations_no_write()
    {
        await cluster.OpenAsync("z-from", "z-to");
        var (earlier, process) = await EarlierActivationAsync("z-from");
        process.Send(new("z-to"), 5);
        await NoteAsync("z-from", 88, unfinished: true);
        Assert.False(await cluster.Process("z-from").WakeAsync(88));
        await Assert.ThrowsAsync<InconsistentStateException>(() => WriteAsync(earlier, process));
        await cluster.Letters("z-from").DepositAsync(1);
        Assert.Equal(1001, (await cluster.Letters("z-from").GetAsync()).Balance);
    }

    [Fact]
    public async Task A_newcomer_that_never_wrote_leaves_earlier_activations_no_write_either()
    {
        var earlier = Open("y-from");
        Assert.Null(await earlier.ReadAsync());
        var process = Given.Joined(new("y-from"));
        process.Send(new("z-to"), 5);
        await NoteAsync("y-from", 99, unfinished: true);
        Assert.False(await cluster.Process("y-from").WakeAsync(99));
        await Assert.ThrowsAsync<InconsistentStateException>(() => WriteAsync(earlier, process));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(66)]
    public async Task A_stale_activation_that_is_woken_ends_and_the_next_one_goes_on_with_what_the_other_wrote(long token)
    {
        var (from, to) = ($"v-from-{token}", $"v-to-{token}");
        await cluster.OpenAsync(from, to);
        var (other, process) = await EarlierActivationAsync(from);
        process.Send(new(to), 5);
        await WriteAsync(other, process);
        await Assert.ThrowsAsync<NotPersistedException>(() => cluster.Process(from).WakeAsync(token));
        await cluster.UntilTakenAsync(to, 5);
    }

    /// <summary>What another activation has read, and the process that it made of it.</summary>
    private async Task<(ProcessJournal Journal, Process<LetterState, Letter> Process)> EarlierActivationAsync(string id)
    {
        await cluster.Process(id).SettleAsync();
        var journal = Open(id);
        var content = await journal.ReadAsync();
        Assert.NotNull(content);
        return (journal, Given.Restored(Given.RecordCodec.Decode(new(id), content)));
    }

    private static Task WriteAsync(ProcessJournal journal, Process<LetterState, Letter> process) =>
        journal.ReplaceAsync(Given.RecordCodec.Encode(process.TakeRecord(0)));

    private ProcessJournal Open(string id) => cluster.Journals.Open(cluster.Letters(id).GetGrainId());

    private Task NoteAsync(string id, long token, bool unfinished) => cluster.ShardOf(id).NoteAsync([new(new(id), token, unfinished)]);

    /// <summary>
    /// Waits until a process has nothing left to do: its letters are taken, and the acknowledgement is stored.
    /// </summary>
    private async Task DoneAsync(string from, string to, params long[] amounts)
    {
        await cluster.UntilTakenAsync(to, amounts);
        await LetterCluster.UntilAsync(
            async () => (await cluster.StoredAsync(from)).Outgoing.All(channel => channel.Unacknowledged.IsEmpty),
            $"{from} has nothing left to do");
        await cluster.Process(from).SettleAsync();
    }
}
