using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Storage;
using Snapshots.Grains;
using StackExchange.Redis;

namespace Snapshots.Storage.Tests;

public sealed class RedisJournalTests : EntryJournalTests
{
    private const string Name = "snapshots";

    private RedisServer? _server;
    private ServiceProvider? _services;

    private IDatabase Database => _server!.Connection.GetDatabase();

    [Fact]
    public async Task The_key_names_the_service_and_the_process()
    {
        await WrittenAsync("a", "b");
        Assert.True(await Database.KeyExistsAsync("bank/journal/account/alice"));
        Assert.Equal(1, await _server!.Connection.GetServers()[0].DatabaseSizeAsync());
        var fields = await Database.HashKeysAsync("bank/journal/account/alice");
        Assert.Equal(["c1", "e2", "tip"], fields.Select(field => (string?)field).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_server_that_was_killed_still_has_it_and_scripts_that_it_forgot_are_loaded_again()
    {
        var journal = await WrittenAsync("a", "b");
        await _server!.RestartAsync();
        await journal.AppendAsync(Bytes("c"));
        await _server.Connection.GetServers()[0].ScriptFlushAsync();
        await journal.AppendAsync(Bytes("d"));
        Assert.Equal("a b c d", await ReadAsync(Open()));
    }

    [Fact]
    public async Task A_missing_or_strange_field_is_damage_and_nothing_is_written_over_it()
    {
        await WrittenAsync("a", "b");
        await Database.HashDeleteAsync("bank/journal/account/alice", "tip");
        await AssertDamagedAsync("number 2 is stored, but the last write was 0");
        var journal = Journals.Open(Alice);
        await Assert.ThrowsAsync<InconsistentStateException>(() => journal.ReplaceAsync(1, Bytes("x")));
        await Database.HashSetAsync("bank/journal/account/alice", "tip", "two");
        await AssertDamagedAsync("bank/journal/account/alice has two, which is not part of a journal");
        await Database.HashSetAsync("bank/journal/account/alice", [new("tip", 2), new("x", 1)]);
        await AssertDamagedAsync("bank/journal/account/alice has x, which is not part of a journal");
    }

    internal override async Task<IProcessJournals> StartAsync()
    {
        _server = await RedisServer.StartAsync();
        var services = new ServiceCollection();
        services.Configure<ClusterOptions>(cluster => cluster.ServiceId = "bank");
        services.AddRedisProcessJournals(Name, _ => _server.Connection);
        _services = services.BuildServiceProvider();
        return _services.GetRequiredKeyedService<IProcessJournals>(Name);
    }

    private protected override async Task StopAsync()
    {
        if (_services is not null) await _services.DisposeAsync();
        if (_server is not null) await _server.DisposeAsync();
    }

    private protected override async Task ChangeAsync(GrainId process, long number, byte[] content)
    {
        var key = $"bank/journal/{process}";
        var field = await Database.HashExistsAsync(key, $"c{number}") ? $"c{number}" : $"e{number}";
        Assert.False(await Database.HashSetAsync(key, field, content));
    }

    private protected override async Task DeleteAsync(GrainId process, long number) =>
        Assert.Equal(1, await Database.HashDeleteAsync($"bank/journal/{process}", [$"c{number}", $"e{number}"]));

    private protected override Task ClearAsync() =>
        Database.KeyDeleteAsync([$"bank/journal/{Alice}", $"bank/journal/{Bob}"]);
}
