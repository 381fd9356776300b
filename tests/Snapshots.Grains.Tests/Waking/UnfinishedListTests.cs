using Orleans.Storage;
using Snapshots.Protocol;

namespace Snapshots.Grains.Tests;

public sealed class UnfinishedListTests
{
    private static readonly GrainId Shard = GrainId.Create("directoryshard", "letters/3");
    private readonly TestStorage _storage = new();

    [Fact]
    public void A_listing_is_taken_once_and_a_later_one_of_the_process_takes_its_place()
    {
        var list = Open();
        Assert.True(list.Take(Begin("alice", 1)));
        Assert.False(list.Take(Begin("alice", 1)));
        Assert.True(list.Take(Begin("alice", 2)));
        Assert.Equal([(Given.Alice, 2L)], list.All);
        Assert.True(list.Contains(Given.Alice, 2));
        Assert.False(list.Contains(Given.Alice, 1));
        Assert.False(list.Contains(Given.Bob, 2));
    }

    [Fact]
    public void The_end_of_a_listing_that_is_not_the_present_one_ends_nothing()
    {
        var list = Open();
        Assert.False(list.Take(End("alice", 1)));
        list.Take(Begin("alice", 2));
        Assert.False(list.Take(End("alice", 1)));
        Assert.Equal([(Given.Alice, 2L)], list.All);
        Assert.True(list.Take(End("alice", 2)));
        Assert.Empty(list.All);
        Assert.False(list.Take(End("alice", 2)));
    }

    [Fact]
    public async Task What_was_written_is_there_when_it_is_read_again()
    {
        const int Count = 300;
        var list = Open();
        for (var index = 0; index < Count; index++) list.Take(Begin($"p{index}", index));
        await list.WriteAsync();
        for (var index = 0; index < Count; index += 3) list.Take(End($"p{index}", index));
        for (var index = 1; index < Count; index += 3) list.Take(Begin($"p{index}", -index));
        await list.WriteAsync();
        list.Take(Begin("never-written", 7));

        var again = await ReadAsync();
        var expected = Enumerable.Range(0, Count).Where(index => index % 3 != 0)
            .Select(index => (Process: new ProcessId($"p{index}"), Listing: index % 3 == 1 ? -(long)index : index));
        Assert.Equal(expected.OrderBy(entry => entry.Process), again.All.OrderBy(entry => entry.Process));
    }

    [Fact]
    public async Task Only_rows_that_changed_are_written()
    {
        var list = Open();
        for (var index = 0; index < 300; index++) list.Take(Begin($"p{index}", 1));
        await list.WriteAsync();
        Assert.Equal(16, Writes());
        await list.WriteAsync();
        Assert.Equal(16, Writes());
        list.Take(Begin("p5", 1));
        list.Take(End("p6", 9));
        await list.WriteAsync();
        Assert.Equal(16, Writes());
        list.Take(End("p5", 1));
        await list.WriteAsync();
        Assert.Equal(17, Writes());
    }

    [Fact]
    public async Task What_changes_while_a_row_is_written_is_written_the_next_time()
    {
        var list = Open();
        list.Take(Begin("alice", 1));
        var held = _storage.Hold(RowOf("alice"), _ => true);
        var write = list.WriteAsync();
        await held.Hit;
        list.Take(Begin("alice", 2));
        held.Release();
        await write;
        Assert.Equal([(Given.Alice, 1L)], (await ReadAsync()).All);
        await list.WriteAsync();
        Assert.Equal([(Given.Alice, 2L)], (await ReadAsync()).All);
    }

    [Theory]
    [InlineData(FaultKind.Before, true)]
    [InlineData(FaultKind.After, false)]
    [InlineData(FaultKind.Conflict, true)]
    public async Task A_write_that_failed_is_not_taken_for_one_that_succeeded(FaultKind fault, bool again)
    {
        var list = Open();
        list.Take(Begin("alice", 1));
        _storage.Fail(RowOf("alice"), _ => true, fault);
        await Assert.ThrowsAnyAsync<Exception>(list.WriteAsync);
        Assert.False(list.Take(Begin("alice", 1)));
        if (again) await list.WriteAsync();
        else await Assert.ThrowsAsync<InconsistentStateException>(list.WriteAsync);
        Assert.Equal([(Given.Alice, 1L)], (await ReadAsync()).All);
    }

    [Fact]
    public async Task An_earlier_activation_writes_nothing_that_the_one_that_took_over_does_not_know()
    {
        var earlier = await ReadAsync();
        var later = await ReadAsync();
        await later.TakeOverAsync();
        earlier.Take(Begin("alice", 1));
        await Assert.ThrowsAsync<InconsistentStateException>(earlier.WriteAsync);
        Assert.Empty((await ReadAsync()).All);
        later.Take(Begin("alice", 2));
        await later.WriteAsync();
        Assert.Equal([(Given.Alice, 2L)], (await ReadAsync()).All);
    }

    private static string RowOf(string process) => $"unfinished-{Partition.Hash(new(process)) / DirectoryKeys.ShardCount % 16}";

    private static UnfinishedNote Begin(string process, long listing) => new(new(process), listing, Unfinished: true);

    private static UnfinishedNote End(string process, long listing) => new(new(process), listing, Unfinished: false);

    private UnfinishedList Open() => new(_storage.For(Given.Serializer), Shard);

    private async Task<UnfinishedList> ReadAsync()
    {
        var list = Open();
        await list.ReadAsync();
        return list;
    }

    private int Writes() => Enumerable.Range(0, 16).Sum(row => _storage.Written<StoredUnfinished>($"unfinished-{row}", _ => true).Count);
}
