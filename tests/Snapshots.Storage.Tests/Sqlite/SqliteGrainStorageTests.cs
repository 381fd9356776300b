using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Serialization;
using Orleans.Storage;

namespace Snapshots.Storage.Tests;

public sealed class SqliteGrainStorageTests : IDisposable
{
    private static readonly GrainId Id = GrainId.Create("note", "n");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_is_stored_is_the_state_at_the_time_of_the_call()
    {
        await using var silo = await TestSilo.Start(_folder.Path);
        var state = new GrainState<Note>(new Note { Text = "at the call" });
        await using (var other = new SqliteConnection($"Data Source={_folder.Database};Pooling=False"))
        {
            await other.OpenAsync(TestContext.Current.CancellationToken);
            other.Execute("BEGIN IMMEDIATE");
            var write = silo.Storage.WriteStateAsync("note", Id, state);
            state.State!.Text = "afterwards";
            other.Execute("ROLLBACK");
            await write;
        }

        var read = new GrainState<Note>();
        await silo.Storage.ReadStateAsync("note", Id, read);
        Assert.Equal("at the call", read.State!.Text);
        Assert.Equal("afterwards", state.State.Text);
    }

    [Fact]
    public async Task Reading_nothing_makes_a_new_state_without_etag()
    {
        await using var silo = await TestSilo.Start(_folder.Path);
        var state = new GrainState<Note>(new Note { Text = "left over" }, "5") { RecordExists = true };
        await silo.Storage.ReadStateAsync("note", Id, state);
        Assert.Equal("", state.State!.Text);
        Assert.Null(state.ETag);
        Assert.False(state.RecordExists);
    }

    [Fact]
    public async Task States_of_one_grain_with_different_names_do_not_touch_each_other()
    {
        await using var silo = await TestSilo.Start(_folder.Path);
        await silo.Storage.WriteStateAsync("a", Id, new GrainState<Note>(new Note { Text = "a" }));
        await silo.Storage.WriteStateAsync("b", Id, new GrainState<Note>(new Note { Text = "b" }));
        var read = new GrainState<Note>();
        await silo.Storage.ReadStateAsync("a", Id, read);
        Assert.Equal("a", read.State!.Text);
    }

    [Fact]
    public async Task A_failed_write_leaves_the_callers_etag_as_it_was()
    {
        await using var silo = await TestSilo.Start(_folder.Path);
        var state = new GrainState<Note>(new Note(), "12") { RecordExists = true };
        await Assert.ThrowsAsync<InconsistentStateException>(() => silo.Storage.WriteStateAsync("note", Id, state));
        Assert.Equal("12", state.ETag);
        state.ETag = "made elsewhere";
        await Assert.ThrowsAsync<InconsistentStateException>(() => silo.Storage.WriteStateAsync("note", Id, state));
        Assert.Equal("made elsewhere", state.ETag);
    }

    [Fact]
    public async Task A_state_at_the_bound_is_stored_and_one_past_it_is_refused_alone()
    {
        var bytes = 0;
        await using var silo = await TestSilo.Start(options =>
        {
            options.Directory = _folder.Path;
            options.MaxStateBytes = 100;
        });
        var serializer = Options(silo).GrainStorageSerializer;
        var text = "";
        while ((bytes = serializer.Serialize(new Note { Text = text }).ToMemory().Length) < 100)
            text += "x";
        Assert.Equal(100, bytes);
        await silo.Storage.WriteStateAsync("note", Id, new GrainState<Note>(new Note { Text = text }));
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => silo.Storage.WriteStateAsync(
            "other", Id, new GrainState<Note>(new Note { Text = text + "x" })));
        Assert.Equal(
            "The state other of grain note/n has 101 bytes, above the storage's limit of 100.", refused.Message);
    }

    [Fact]
    public async Task After_the_silo_has_stopped_the_storage_says_so()
    {
        IGrainStorage storage;
        await using (var silo = await TestSilo.Start(_folder.Path))
            storage = silo.Storage;
        var failure = await Assert.ThrowsAsync<StorageUnavailableException>(
            () => storage.ClearStateAsync("note", Id, new GrainState<Note>()));
        Assert.Equal("The storage has stopped.", failure.Message);
        await Assert.ThrowsAsync<StorageUnavailableException>(
            () => storage.ReadStateAsync("note", Id, new GrainState<Note>()));
    }

    [Fact]
    public async Task States_are_serialized_in_Orleanss_own_form_unless_told_otherwise()
    {
        await using var silo = await TestSilo.Start(_folder.Path);
        var own = Options(silo).GrainStorageSerializer;
        var orleans = new OrleansGrainStorageSerializer(silo.Services.GetRequiredService<Serializer>());
        var note = new Note { Text = new string('n', 5000) };
        Assert.Equal(orleans.Serialize(note).ToArray(), own.Serialize(note).ToArray());
        Assert.Equal(note.Text, own.Deserialize<Note>(orleans.Serialize(note))!.Text);
    }

    [Fact]
    public async Task The_exception_keeps_its_type_and_message_between_silos()
    {
        await using var silo = await TestSilo.Start(_folder.Path);
        var serializer = silo.Services.GetRequiredService<Serializer>();
        var bytes = serializer.SerializeToArray<Exception>(new StorageUnavailableException("The disk is full."));
        var copy = Assert.IsType<StorageUnavailableException>(serializer.Deserialize<Exception>(bytes));
        Assert.Equal("The disk is full.", copy.Message);
    }

    private static SqliteStorageOptions Options(TestSilo silo) =>
        silo.Services.GetRequiredService<IOptionsMonitor<SqliteStorageOptions>>().Get(TestSilo.StorageName);
}
