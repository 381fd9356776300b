namespace Snapshots.Storage.Tests;

public sealed class StorageInstrumentsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Groups_writes_conflicts_and_failures_are_counted()
    {
        await using var store = new TestStore(_folder.Path);
        var held = store.Target.HoldNext();
        var first = store.Put("first", null, "x");
        await held;
        Task[] writes = [first, store.Put("a", null, "x"), store.Delete("b", null)];
        var conflict = store.Put("a", 1000, "x");
        Assert.Equal(3, store.Meters.Observe("snapshots.storage.queue.length"));
        store.Target.Release();
        await Task.WhenAll(writes);
        await Record.ExceptionAsync(() => conflict);
        store.Target.Before = connection => connection!.Execute("PRAGMA query_only = 1");
        await Record.ExceptionAsync(() => store.Put("c", null, "x"));

        Assert.Equal(2, store.Meters.Sum("snapshots.storage.groups"));
        Assert.Equal(3, store.Meters.Sum("snapshots.storage.writes"));
        Assert.Equal(1, store.Meters.Sum("snapshots.storage.conflicts"));
        Assert.Equal(1, store.Meters.Sum("snapshots.storage.failures"));
        Assert.Equal(4, store.Meters.Sum("snapshots.storage.group.size"));
        Assert.True(store.Meters.Sum("snapshots.storage.commit.duration") > 0);
        Assert.Equal(0, store.Meters.Observe("snapshots.storage.queue.length"));
    }
}
