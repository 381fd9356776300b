using Orleans.Storage;

namespace Snapshots.Storage.Tests;

public sealed class SqliteStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_write_is_read_once_its_task_has_ended()
    {
        await using var store = new TestStore(_folder.Path);
        for (var i = 0; i < 100; i++)
        {
            await store.Put($"g{i}", null, $"payload {i}");
            Assert.Equal($"payload {i}", await store.Read($"g{i}"));
        }
    }

    [Fact]
    public async Task Nothing_is_read_where_nothing_was_written()
    {
        await using var store = new TestStore(_folder.Path);
        Assert.Null(await store.Stored("g"));
    }

    [Fact]
    public async Task What_was_written_is_there_after_the_store_was_opened_again()
    {
        long? version;
        await using (var store = new TestStore(_folder.Path))
            version = await store.Put("g", null, "kept");

        await using var again = new TestStore(_folder.Path);
        Assert.Equal("kept", await again.Read("g"));
        Assert.NotNull(await again.Put("g", version, "next"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3_000_000)]
    public async Task A_payload_comes_back_byte_by_byte(int size)
    {
        await using var store = new TestStore(_folder.Path);
        var payload = Enumerable.Range(0, size).Select(i => (byte)(i % 251)).ToArray();
        await store.Put("g", null, payload);
        var stored = await store.Stored("g");
        Assert.Equal(payload, stored!.Payload.ToArray());
    }

    [Fact]
    public async Task A_second_first_write_conflicts_and_changes_nothing()
    {
        await using var store = new TestStore(_folder.Path);
        var version = await store.Put("g", null, "first");
        var conflict = await Assert.ThrowsAsync<InconsistentStateException>(() => store.Put("g", null, "second"));
        Assert.Equal(ETag.Format(version), conflict.StoredEtag);
        Assert.Null(conflict.CurrentEtag);
        Assert.Equal("first", await store.Read("g"));
    }

    [Fact]
    public async Task A_write_with_an_old_version_conflicts_and_changes_nothing()
    {
        await using var store = new TestStore(_folder.Path);
        var old = await store.Put("g", null, "first");
        var current = await store.Put("g", old, "second");
        var conflict = await Assert.ThrowsAsync<InconsistentStateException>(() => store.Put("g", old, "third"));
        Assert.Equal(ETag.Format(current), conflict.StoredEtag);
        Assert.Equal(ETag.Format(old), conflict.CurrentEtag);
        Assert.Equal("second", await store.Read("g"));
    }

    [Fact]
    public async Task A_write_with_a_version_conflicts_where_there_is_no_row()
    {
        await using var store = new TestStore(_folder.Path);
        var conflict = await Assert.ThrowsAsync<InconsistentStateException>(() => store.Put("g", 1, "x"));
        Assert.Null(conflict.StoredEtag);
        Assert.Null(await store.Read("g"));
    }

    [Fact]
    public async Task A_delete_removes_the_row_of_its_version()
    {
        await using var store = new TestStore(_folder.Path);
        var version = await store.Put("g", null, "x");
        Assert.Null(await store.Delete("g", version));
        Assert.Null(await store.Read("g"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(7L)]
    public async Task A_delete_where_there_is_no_row_is_done_already(long? expected)
    {
        await using var store = new TestStore(_folder.Path);
        Assert.Null(await store.Delete("g", expected));
    }

    [Fact]
    public async Task A_delete_with_an_old_version_or_none_conflicts_and_changes_nothing()
    {
        await using var store = new TestStore(_folder.Path);
        var old = await store.Put("g", null, "first");
        await store.Put("g", old, "second");
        await Assert.ThrowsAsync<InconsistentStateException>(() => store.Delete("g", old));
        await Assert.ThrowsAsync<InconsistentStateException>(() => store.Delete("g", null));
        Assert.Equal("second", await store.Read("g"));
    }

    [Fact]
    public async Task No_version_is_ever_given_out_twice()
    {
        var seen = new HashSet<long?>();
        for (var round = 0; round < 3; round++)
        {
            await using var store = new TestStore(_folder.Path);
            var version = await store.Put("g", null, "x");
            Assert.True(seen.Add(version));
            version = await store.Put("g", version, "y");
            Assert.True(seen.Add(version));
            await store.Delete("g", version);
        }
    }
}
