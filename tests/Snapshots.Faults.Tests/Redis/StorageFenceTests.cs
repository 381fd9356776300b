using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Storage;
using Snapshots.Bank.Hosting;

namespace Snapshots.Faults.Tests;

/// <summary>
/// What the grains need from their storage, on a real Redis: a writer with an old etag, such as a silo that was
/// suspended, changes nothing.
/// </summary>
public sealed class StorageFenceTests : IAsyncLifetime
{
    private const string State = "state";

    private readonly GrainId _grain = GrainId.Create("fence", "one");
    private RedisServer? _redis;
    private RedisBankStorage? _opened;
    private IHost? _host;
    private IGrainStorage _storage = null!;

    public async ValueTask InitializeAsync()
    {
        _redis = await RedisServer.StartAsync();
        Assert.True(RedisAddress.TryParse(_redis.Address, out var address, out _));
        _opened = await RedisBankStorage.OpenAsync(address);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        var ports = FreePorts.Find(2);
        builder.UseOrleans(
            silo => silo.AddBank(new BankSiloOptions { SiloPort = ports[0], GatewayPort = ports[1] }, _opened));
        _host = builder.Build();
        await _host.StartAsync(TestContext.Current.CancellationToken);
        _storage = _host.Services.GetRequiredKeyedService<IGrainStorage>(BankSiloExtensions.StorageName);
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null) await _host.StopAsync();
        _host?.Dispose();
        if (_opened is not null) await _opened.DisposeAsync();
        if (_redis is not null) await _redis.DisposeAsync();
    }

    [Fact]
    public async Task A_stale_etag_writes_and_clears_nothing()
    {
        var first = await WriteAsync(new GrainState<List<string>>(["1"]));
        var stale = Copy(first);
        await WriteAsync(first, "2");
        await Assert.ThrowsAsync<InconsistentStateException>(() => WriteAsync(stale, "stale"));
        await Assert.ThrowsAsync<InconsistentStateException>(() => _storage.ClearStateAsync(State, _grain, stale));
        await Assert.ThrowsAsync<InconsistentStateException>(
            () => WriteAsync(new GrainState<List<string>>(["a second first write"])));
        Assert.Equal(["2"], (await ReadAsync()).State!);
    }

    [Fact]
    public async Task What_was_cleared_is_gone_and_no_old_etag_fits_what_comes_after_it()
    {
        var state = await WriteAsync(new GrainState<List<string>>(["1"]));
        var stale = Copy(state);
        await _storage.ClearStateAsync(State, _grain, state);
        await Assert.ThrowsAsync<InconsistentStateException>(() => WriteAsync(stale, "stale"));
        Assert.False((await ReadAsync()).RecordExists);
        await WriteAsync(state, "2");
        await Assert.ThrowsAsync<InconsistentStateException>(() => WriteAsync(stale, "stale"));
        Assert.Equal(["2"], (await ReadAsync()).State!);
    }

    [Fact]
    public async Task What_was_written_survives_a_kill_of_the_redis()
    {
        await WriteAsync(new GrainState<List<string>>(["kept"]));
        await _redis!.KillAsync();
        await _redis.RestartAsync();
        Assert.Equal(["kept"], (await ReadAsync()).State!);
    }

    private static GrainState<List<string>> Copy(GrainState<List<string>> state) =>
        new(state.State!) { ETag = state.ETag, RecordExists = state.RecordExists };

    private async Task<GrainState<List<string>>> WriteAsync(GrainState<List<string>> state, string? value = null)
    {
        if (value is not null) state.State = [value];
        await _storage.WriteStateAsync(State, _grain, state);
        return state;
    }

    private async Task<GrainState<List<string>>> ReadAsync()
    {
        var state = new GrainState<List<string>>([]);
        await _storage.ReadStateAsync(State, _grain, state);
        return state;
    }
}
