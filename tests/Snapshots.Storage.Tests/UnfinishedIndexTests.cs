namespace Snapshots.Storage.Tests;

public sealed class UnfinishedIndexTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Only_rows_whose_last_write_was_unfinished_are_found()
    {
        await using var store = new TestStore(_folder.Path);
        await store.Put("finished", null, "x");
        await store.Put("unfinished", null, "x", isUnfinished: true);
        var version = await store.Put("ended", null, "x", isUnfinished: true);
        await store.Put("ended", version, "y");
        version = await store.Put("begun", null, "x");
        await store.Put("begun", version, "y", isUnfinished: true);
        version = await store.Put("deleted", null, "x", isUnfinished: true);
        await store.Delete("deleted", version);
        Assert.Equal(["begun", "unfinished"], await store.Unfinished(10));
    }

    [Fact]
    public async Task Pages_follow_each_other_without_a_gap_or_a_repetition()
    {
        await using var store = new TestStore(_folder.Path);
        var all = Enumerable.Range(0, 25).Select(i => $"g{i:D2}").ToArray();
        await Task.WhenAll(all.Select(grain => store.Put(grain, null, "x", isUnfinished: true)));
        var found = new List<string>();
        var pages = 0;
        IReadOnlyList<string> page;
        do
        {
            page = await store.Unfinished(10, found.LastOrDefault());
            found.AddRange(page);
            pages++;
        }
        while (page.Count == 10);
        Assert.Equal(all, found);
        Assert.Equal(3, pages);
    }

    [Fact]
    public async Task They_are_found_after_the_store_was_opened_again()
    {
        await using (var store = new TestStore(_folder.Path))
            await store.Put("g", null, "x", isUnfinished: true);

        await using var again = new TestStore(_folder.Path);
        Assert.Equal(["g"], await again.Unfinished(10));
    }
}
