using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Core.Internal;
using Orleans.Serialization;
using Orleans.Storage;
using Orleans.TestingHost;
using Snapshots.Protocol;

namespace Snapshots.Grains.Tests;

/// <summary>
/// The test application in a cluster over one shared storage with journals. Tests of a class share it, so each has
/// processes of its own.
/// </summary>
public abstract class LetterCluster : IAsyncLifetime
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(30);
    private InProcessTestCluster? _cluster;

    protected LetterCluster() => Journals = new(Storage);

    internal TestStorage Storage { get; } = new();

    internal TestJournals Journals { get; }

    internal IGrainFactory Grains => Cluster.Client;

    internal SnapshotClient Snapshots => new(Cluster.Client, LetterApplication.Name);

    internal ISnapshotIndex Index => Cluster.Client.GetGrain<ISnapshotIndex>(LetterApplication.Name);

    internal Serializer Serializer => Cluster.Client.ServiceProvider.GetRequiredService<Serializer>();

    /// <summary>The services of the only silo, or of the first one.</summary>
    internal IServiceProvider Silo => Cluster.Silos[0].ServiceProvider;

    internal IEnumerable<IServiceProvider> AllSilos => Cluster.Silos.Select(silo => silo.ServiceProvider);

    protected virtual short Silos => 1;

    private InProcessTestCluster Cluster => _cluster ?? throw new InvalidOperationException("the cluster was not started");

    public async ValueTask InitializeAsync()
    {
        Prepare();
        await StartAsync();
    }

    private async Task StartAsync()
    {
        var builder = new InProcessTestClusterBuilder(Silos);
        builder.ConfigureSilo((_, silo) =>
        {
            AddStorage(silo);
            silo.AddSnapshots(options =>
            {
                options.Limits = options.Limits with { FirstResendPauseMs = 100, MaxResendPauseMs = 400 };
                Configure(options);
            });
            // Tests call what is for silos.
            silo.Services.Remove(silo.Services.Single(service => service.ImplementationType == typeof(ClientCallFilter)));
            Configure(silo);
        });
        builder.ConfigureSiloHost((_, host) => host.Logging.SetMinimumLevel(LogLevel.Critical));
        _cluster = builder.Build();
        await _cluster.DeployAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null) await _cluster.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>The silo on which a process is active.</summary>
    internal InProcessSiloHandle SiloOf(string id) => Cluster.Silos.Single(silo => silo.SiloAddress == ContextOf(id).Address.SiloAddress);

    /// <summary>Whether a process has an activation.</summary>
    internal bool IsActive(string id) => Cluster.TryGetGrainContext(Letters(id).GetGrainId(), out _);

    /// <summary>The activation of a process.</summary>
    internal IGrainContext ContextOf(string id)
    {
        Assert.True(Cluster.TryGetGrainContext(Letters(id).GetGrainId(), out var context), $"{id} is not active");
        return context;
    }

    /// <summary>
    /// Loses a silo: from one moment on nothing of it reaches the storage, and no other silo is told.
    /// </summary>
    internal async Task LoseAsync(InProcessSiloHandle silo)
    {
        TestStorage.Cut(silo.ServiceProvider.GetRequiredKeyedService<IGrainStorage>("snapshots"));
        await Cluster.KillSiloAsync(silo);
    }

    /// <summary>Moves a process to another silo.</summary>
    internal async Task MigrateAsync(string id)
    {
        var from = SiloOf(id);
        await Cluster.MigrateAsync(Letters(id), Cluster.Silos.First(silo => silo != from).SiloAddress);
    }

    /// <summary>Loses all silos, and starts a new cluster on what is stored, after some change of it.</summary>
    internal async Task LoseAllAsync(Action? change = null)
    {
        foreach (var silo in Cluster.Silos) TestStorage.Cut(silo.ServiceProvider.GetRequiredKeyedService<IGrainStorage>("snapshots"));
        await Task.WhenAll(Cluster.Silos.Select(Cluster.KillSiloAsync));
        await Cluster.DisposeAsync();
        change?.Invoke();
        await StartAsync();
    }

    internal ILetterGrain Letters(string id) => Grains.GetGrain<ILetterGrain>(id);

    internal ISnapshotProcess Process(string id) => Grains.GetGrain<ISnapshotProcess>(Letters(id).GetGrainId());

    internal ISnapshotCollector Collector(long number) =>
        Grains.GetGrain<ISnapshotCollector>(DirectoryKeys.Collector(LetterApplication.Name, new(number)));

    /// <summary>The part of a collection to which a process reports.</summary>
    internal ISnapshotPart Part(long number, string process) => Part(number, DirectoryKeys.Parts.PartOf(new(process)));

    internal ISnapshotPart Part(long number, int part) =>
        Grains.GetGrain<ISnapshotPart>(DirectoryKeys.Part(LetterApplication.Name, new(number), part));

    /// <summary>The grains of one collection: its collector and all parts.</summary>
    internal Func<GrainId, bool> IsOf(long number)
    {
        var collector = Collector(number).GetGrainId();
        return each => each == collector || each.Key.ToString()!.StartsWith($"{collector.Key}/", StringComparison.Ordinal);
    }

    internal IDirectoryShard ShardOf(string id) => Grains.GetGrain<IDirectoryShard>(DirectoryKeys.ShardOf(LetterApplication.Name, new(id)));

    /// <summary>Some processes that belong to that shard.</summary>
    internal static ProcessId[] ProcessesOf(int shard, int count) => [.. Enumerable.Range(0, int.MaxValue)
        .Select(number => new ProcessId($"of-{shard}-{number}"))
        .Where(process => DirectoryKeys.Shards.PartOf(process) == shard)
        .Take(count)];

    /// <summary>The row of the pending-work registry that a process belongs to.</summary>
    internal static string RegistryRowOf(string id) =>
        string.Create(CultureInfo.InvariantCulture, $"unfinished-{Partition.Hash(new(id)) / DirectoryKeys.ShardCount % 16}");

    /// <summary>Whether a process is in the pending-work registry, as that is stored.</summary>
    internal bool IsEnlisted(string id) =>
        Storage.Stored<StoredUnfinished>(RegistryRowOf(id), ShardOf(id).GetGrainId(), Serializer)?.Processes.Contains(id) == true;

    /// <summary>Whether a process was ever in the pending-work registry.</summary>
    internal bool WasEnlisted(string id) =>
        Storage.Written<StoredUnfinished>(RegistryRowOf(id), Is(ShardOf(id))).Any(row => row.Processes.Contains(id));

    /// <summary>What is stored of a process.</summary>
    internal async Task<ProcessRecord<LetterState, Letter>> StoredAsync(string id)
    {
        var content = await Journals.Open(Letters(id).GetGrainId()).ReadAsync();
        Assert.NotNull(content);
        return Given.RecordCodec.Decode(new(id), content);
    }

    /// <summary>How often a process was written.</summary>
    internal int WritesOf(string id) => Storage.Written<StoredRow>(TestJournals.Name, Is(Letters(id))).Count;

    internal async Task OpenAsync(params string[] ids)
    {
        foreach (var id in ids) await Letters(id).DepositAsync(1000);
    }

    internal Task<SnapshotSummary> BeginAsync(string id, TimeSpan? timeout = null, string? initiator = null) =>
        Snapshots.BeginAsync(new(new(id), initiator is null ? default : new ProcessId(initiator), timeout ?? MaxWait));

    internal async Task<SnapshotView> EndOfAsync(string id)
    {
        using var timeout = new CancellationTokenSource(MaxWait);
        return await Snapshots.WaitAsync(new(id), progress: null, timeout.Token);
    }

    /// <summary>Reads a completed snapshot; reading proves its certificate, and no amount is made or lost.</summary>
    internal async Task<GlobalState<LetterState, Letter>> ProveAsync(SnapshotView view)
    {
        Assert.True(view.Summary.Status == SnapshotStatus.Completed, $"{view.Summary.Id} is {view.Summary.Status}: {view.Summary.Reason}");
        var services = Cluster.Client.ServiceProvider;
        var state = await Snapshots.ReadAsync(
            view, services.GetRequiredService<Serializer<LetterState>>(), services.GetRequiredService<Serializer<Letter>>());
        Assert.Equal(
            state.Processes.Sum(process => process.State.Deposited),
            state.Processes.Sum(process => process.State.Balance)
                + state.Channels.Sum(channel => channel.Messages.Sum(message => message.Message.Amount)));
        return state;
    }

    internal async Task<GlobalState<LetterState, Letter>> TakeAsync(string id)
    {
        await BeginAsync(id);
        return await ProveAsync(await EndOfAsync(id));
    }

    /// <summary>Waits until a condition that others bring about holds.</summary>
    internal static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        using var timeout = new CancellationTokenSource(MaxWait);
        while (!await condition())
        {
            if (timeout.IsCancellationRequested) Assert.Fail($"it never happened that {what}");
            await Task.Delay(TimeSpan.FromMilliseconds(5), TestContext.Current.CancellationToken);
        }
    }

    internal Task UntilTakenAsync(string id, params long[] amounts) => UntilAsync(
        async () => (await Letters(id).GetAsync()).Taken.SequenceEqual(amounts), $"{id} takes {string.Join(',', amounts)}");

    /// <summary>Ends a grain's activation as soon as no call is running.</summary>
    internal static async Task DeactivateAsync(IAddressable grain) => await grain.AsReference<IGrainManagementExtension>().DeactivateOnIdle();

    internal static Func<GrainId, bool> Is(IAddressable grain)
    {
        var id = grain.GetGrainId();
        return each => each == id;
    }

    /// <summary>Before the cluster starts.</summary>
    private protected virtual void Prepare()
    {
    }

    private protected virtual void AddStorage(ISiloBuilder silo)
    {
        silo.Services.AddKeyedSingleton<IGrainStorage>("snapshots", (services, _) => Storage.For(services.GetRequiredService<Serializer>()));
        silo.Services.AddKeyedSingleton(
            "snapshots", (services, name) => Journals.For(services.GetRequiredKeyedService<IGrainStorage>(name)));
    }

    private protected virtual void Configure(SnapshotsOptions options)
    {
    }

    private protected virtual void Configure(ISiloBuilder silo)
    {
    }
}
