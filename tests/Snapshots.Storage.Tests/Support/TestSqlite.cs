using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Snapshots.Grains;

namespace Snapshots.Storage.Tests;

/// <summary>A SQLite grain storage without a silo around it.</summary>
internal sealed class TestSqlite : IAsyncDisposable
{
    public const int MaxStateBytes = 2 * 1024 * 1024;
    public const string Name = "snapshots";

    private readonly ServiceProvider _services;

    private TestSqlite(ServiceProvider services) => _services = services;

    public IServiceProvider Services => _services;

    public IProcessJournals Journals => _services.GetRequiredKeyedService<IProcessJournals>(Name);

    public static async Task<TestSqlite> StartAsync(string path)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSerializer();
        services.AddSqliteGrainStorage(Name, options =>
        {
            options.Directory = path;
            options.MaxStateBytes = MaxStateBytes;
        });
        var provider = services.BuildServiceProvider();
        var lifecycle = new StartedLifecycle();
        provider.GetRequiredKeyedService<SqliteGrainStorage>(Name).Participate(lifecycle);
        await lifecycle.StartAsync();
        return new TestSqlite(provider);
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    /// <summary>Only the start: disposing of the services closes the storage.</summary>
    private sealed class StartedLifecycle : ISiloLifecycle
    {
        private readonly List<ILifecycleObserver> _observers = [];

        public int HighestCompletedStage => 0;

        public int LowestStoppedStage => 0;

        public async Task StartAsync()
        {
            foreach (var observer in _observers) await observer.OnStart();
        }

        public IDisposable Subscribe(string observerName, int stage, ILifecycleObserver observer)
        {
            _observers.Add(observer);
            return new Nothing();
        }

        private sealed class Nothing : IDisposable
        {
            public void Dispose()
            {
            }
        }
    }
}
