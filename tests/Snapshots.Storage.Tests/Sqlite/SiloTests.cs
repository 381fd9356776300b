using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace Snapshots.Storage.Tests;

public sealed class SiloTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_grains_state_survives_its_silo()
    {
        await using (var silo = await TestSilo.Start(_folder.Path))
        {
            Assert.Equal("", await Note(silo).Read());
            await Note(silo).Write("kept");
        }

        await using var next = await TestSilo.Start(_folder.Path);
        Assert.Equal("kept", await Note(next).Read());
        Assert.True((await Note(next).Describe()).RecordExists);
        await Note(next).Write("written again");
    }

    [Fact]
    public async Task A_cleared_state_is_gone_and_can_be_written_anew()
    {
        await using var silo = await TestSilo.Start(_folder.Path);
        await Note(silo).Write("old");
        await Note(silo).Clear();
        Assert.Equal("", await Note(silo).Read());
        Assert.Equal((null, false), await Note(silo).Describe());
        await Note(silo).Write("new");
        Assert.Equal("new", await Note(silo).Read());
    }

    [Fact]
    public async Task A_grain_whose_row_was_changed_behind_it_fails_once_and_comes_back_with_what_is_stored()
    {
        await using var silo = await TestSilo.Start(_folder.Path);
        await Note(silo).Write("mine");
        var stored = new GrainState<Note>();
        await silo.Storage.ReadStateAsync("note", Note(silo).GetGrainId(), stored);
        stored.State!.Text = "theirs";
        await silo.Storage.WriteStateAsync("note", Note(silo).GetGrainId(), stored);

        var conflict = await Assert.ThrowsAsync<InconsistentStateException>(() => Note(silo).Write("mine again"));
        Assert.Equal(stored.ETag, conflict.StoredEtag);
        Assert.Equal("theirs", await Note(silo).Read());
        await Note(silo).Write("after that");
    }

    [Fact]
    public async Task A_thousand_grains_at_once_are_all_stored()
    {
        await using (var silo = await TestSilo.Start(_folder.Path))
            await Task.WhenAll(Enumerable.Range(0, 1000).Select(i => Note(silo, $"n{i}").Write($"text {i}")));

        await using var next = await TestSilo.Start(_folder.Path);
        var texts = await Task.WhenAll(Enumerable.Range(0, 1000).Select(i => Note(next, $"n{i}").Read()));
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => $"text {i}"), texts);
    }

    [Fact]
    public async Task A_directory_that_the_host_opened_is_used_and_closed_with_the_silo()
    {
        using var directory = DataDirectory.Open(_folder.Path);
        await using (var silo = await TestSilo.Start(options => options.OpenDirectory = directory))
            await Note(silo).Write("kept");

        DataDirectory.Open(_folder.Path).Dispose();
    }

    [Fact]
    public async Task A_silo_whose_directory_is_held_does_not_start_and_says_why()
    {
        using (DataDirectory.Open(_folder.Path))
        {
            var refused = await Assert.ThrowsAsync<DataDirectoryException>(() => TestSilo.Start(_folder.Path));
            Assert.Equal($"The data directory {_folder.Path} is held by another silo.", refused.Message);
        }

        await using var silo = await TestSilo.Start(_folder.Path);
    }

    [Fact]
    public async Task A_directory_that_was_closed_again_is_not_used()
    {
        var directory = DataDirectory.Open(_folder.Path);
        directory.Dispose();
        var refused = await Assert.ThrowsAsync<DataDirectoryException>(
            () => TestSilo.Start(options => options.OpenDirectory = directory));
        Assert.Equal(
            $"The data directory {_folder.Path} was closed before the storage started.", refused.Message);
    }

    [Fact]
    public async Task A_silo_that_fails_to_start_for_another_reason_does_not_keep_the_directory()
    {
        await Assert.ThrowsAsync<NotSupportedException>(() => TestSilo.Start(
            options => options.Directory = _folder.Path,
            silo => silo.AddStartupTask((_, _) => throw new NotSupportedException())));
        DataDirectory.Open(_folder.Path).Dispose();
    }

    [Fact]
    public async Task A_silo_whose_options_are_wrong_does_not_start_and_says_why()
    {
        var refused = await Assert.ThrowsAsync<OrleansConfigurationException>(
            () => TestSilo.Start(options => options.MaxGroupSize = 0));
        Assert.Equal("SQLite storage sqlite: Directory is required.", refused.Message);
    }

    [Fact]
    public async Task Health_is_a_service_of_the_silo()
    {
        await using var silo = await TestSilo.Start(_folder.Path);
        Assert.True(silo.Services.GetRequiredService<IStorageHealth>().IsAvailable);
        Assert.Same(
            silo.Services.GetRequiredService<IStorageHealth>(),
            silo.Services.GetRequiredKeyedService<IStorageHealth>(TestSilo.StorageName));
    }

    private static INoteGrain Note(TestSilo silo, string key = "n") => silo.Grains.GetGrain<INoteGrain>(key);
}
