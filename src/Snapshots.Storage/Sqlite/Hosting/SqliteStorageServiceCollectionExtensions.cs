using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Runtime.Hosting;
using Orleans.Serialization;
using Orleans.Serialization.Serializers;
using Orleans.Storage;
using Snapshots.Grains;

namespace Snapshots.Storage;

/// <summary>Registers SQLite grain storages in the services of a silo.</summary>
public static class SqliteStorageServiceCollectionExtensions
{
    /// <summary>Adds a SQLite grain storage, as the other overload does, with options that are set directly.</summary>
    /// <param name="services">The services of the silo.</param>
    /// <param name="name">The storage's name, to which <c>[PersistentState]</c> refers.</param>
    /// <param name="configure">Sets the options; they are checked when the silo starts.</param>
    /// <returns><paramref name="services"/>.</returns>
    public static IServiceCollection AddSqliteGrainStorage(
        this IServiceCollection services, string name, Action<SqliteStorageOptions> configure) =>
        services.AddSqliteGrainStorage(
            name, (Action<OptionsBuilder<SqliteStorageOptions>>)(builder => builder.Configure(configure)));

    /// <summary>
    /// Adds a grain storage that stores states in a SQLite database, and with it <see cref="IProcessJournals"/> and
    /// <see cref="IStorageHealth"/> under the same name.
    /// </summary>
    /// <param name="services">The services of the silo.</param>
    /// <param name="name">The storage's name, to which <c>[PersistentState]</c> refers.</param>
    /// <param name="configure">Sets the options; they are checked when the silo starts.</param>
    /// <returns><paramref name="services"/>.</returns>
    public static IServiceCollection AddSqliteGrainStorage(
        this IServiceCollection services, string name, Action<OptionsBuilder<SqliteStorageOptions>> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(configure);

        var options = services.AddOptions<SqliteStorageOptions>(name);
        configure(options);
        options.PostConfigure<IServiceProvider>(
            (o, provider) => o.GrainStorageSerializer ??= Serializer(provider, name));
        services.AddTransient<IConfigurationValidator>(
            provider => new SqliteStorageOptionsValidator(Options(provider, name), name));
        services.ConfigureNamedOptionForLogging<SqliteStorageOptions>(name);

        services.AddSingleton(new SingleSiloStorage("SQLite"));
        services.AddMetrics();
        services.AddKeyedSingleton(name, (provider, _) => Create(provider, name));
        services.AddGrainStorage(name, (provider, _) => Storage(provider, name));
        services.AddKeyedSingleton<IProcessJournals>(
            name, (provider, _) => new SqliteProcessJournals(Storage(provider, name)));
        services.AddKeyedSingleton<IStorageHealth>(name, (provider, _) => Storage(provider, name).Health);
        services.TryAddSingleton<IStorageHealth>(provider => Storage(provider, name).Health);
        return services;
    }

    private static SqliteGrainStorage Create(IServiceProvider provider, string name) => new(
        name,
        Options(provider, name),
        provider.GetRequiredService<IActivatorProvider>(),
        new StorageInstruments(provider.GetRequiredService<IMeterFactory>(), name),
        provider.GetRequiredService<ILogger<SqliteGrainStorage>>(),
        provider.GetService<TimeProvider>() ?? TimeProvider.System);

    private static SqliteGrainStorage Storage(IServiceProvider provider, string name) =>
        provider.GetRequiredKeyedService<SqliteGrainStorage>(name);

    private static SqliteStorageOptions Options(IServiceProvider provider, string name) =>
        provider.GetRequiredService<IOptionsMonitor<SqliteStorageOptions>>().Get(name);

    private static IGrainStorageSerializer Serializer(IServiceProvider provider, string name) =>
        provider.GetKeyedService<IGrainStorageSerializer>(name)
            ?? new OrleansStateSerializer(provider.GetRequiredService<Serializer>());
}
