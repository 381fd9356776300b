using Orleans.Storage;

namespace Snapshots.Grains.Tests;

public sealed class RowTests
{
    private static readonly GrainId Grain = GrainId.Create("letter", "alice");
    private readonly TestStorage _storage = new();

    [Fact]
    public async Task The_value_is_the_one_that_is_kept_also_while_another_is_being_written()
    {
        var row = new Row<StoredMembers>(_storage.For(Given.Serializer), "members", Grain);
        await row.WriteAsync(new() { Processes = ["old"] });
        var held = _storage.Hold("members", _ => true);
        var writing = row.WriteAsync(new() { Processes = ["new"] });
        await held.Hit;
        Assert.Equal(["old"], row.Value.Processes);
        held.Release();
        await writing;
        Assert.Equal(["new"], row.Value.Processes);
    }

    [Fact]
    public async Task A_value_that_could_not_be_written_is_not_taken_for_kept()
    {
        var row = new Row<StoredMembers>(_storage.For(Given.Serializer), "members", Grain);
        _storage.Fail("members", _ => true, FaultKind.Before);
        await Assert.ThrowsAsync<IOException>(() => row.WriteAsync(new() { Processes = ["new"] }));
        Assert.Empty(row.Value.Processes);
        Assert.False(row.Exists);
    }

    [Fact]
    public async Task Who_read_before_another_wrote_cannot_write()
    {
        var first = new Row<StoredMembers>(_storage.For(Given.Serializer), "members", Grain);
        var second = new Row<StoredMembers>(_storage.For(Given.Serializer), "members", Grain);
        await first.WriteAsync(new());
        await Assert.ThrowsAsync<InconsistentStateException>(() => second.WriteAsync(new()));
        await second.ReadAsync();
        await second.WriteAsync(new());
        await Assert.ThrowsAsync<InconsistentStateException>(() => first.ClearAsync());
    }
}
