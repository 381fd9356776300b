using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Snapshots.Grains;
using Snapshots.Storage;

namespace Snapshots.Bank.Hosting;

/// <summary>
/// A silo of the bank inside this process, on free loopback ports, with the same storage and lock as the silo host. Its
/// disposal releases the data directory.
/// </summary>
public sealed class EmbeddedSilo : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly BankStorage _storage;

    private EmbeddedSilo(IHost host, BankStorage storage)
    {
        _host = host;
        _storage = storage;
    }

    /// <summary>Creates references to grains.</summary>
    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    /// <summary>The silo's services.</summary>
    public IServiceProvider Services => _host.Services;

    /// <summary>Starts a silo on a data directory.</summary>
    /// <param name="directory">The data directory; created if it does not exist.</param>
    /// <param name="logLevel">The level from which logs go to stderr.</param>
    /// <param name="configure">Changes the silo; null for none.</param>
    /// <param name="configureSnapshots">Changes the snapshot options; null for none.</param>
    /// <param name="applications">The applications that it hosts; null for all that are loaded.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <exception cref="DataDirectoryException">The directory cannot be used; one line says why.</exception>
    public static async Task<EmbeddedSilo> StartAsync(
        string directory,
        LogLevel logLevel,
        Action<ISiloBuilder>? configure = null,
        Action<SnapshotsOptions>? configureSnapshots = null,
        ImmutableArray<string>? applications = null,
        CancellationToken cancellationToken = default)
    {
        var storage = SqliteBankStorage.Open(directory);
        try
        {
            var ports = FreePorts.Find(2);
            var settings = new HostApplicationBuilderSettings { DisableDefaults = true };
            var builder = Host.CreateEmptyApplicationBuilder(settings);
            builder.Logging.SetMinimumLevel(logLevel)
                .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
            builder.Services.AddSingleton<IHostLifetime, PassiveLifetime>();
            builder.UseOrleans(silo =>
            {
                var options = new BankSiloOptions
                {
                    SiloPort = ports[0],
                    GatewayPort = ports[1],
                    Applications = applications,
                };
                silo.AddBank(options, storage, configureSnapshots);
                configure?.Invoke(silo);
            });
            var host = builder.Build();
            try
            {
                await host.StartAsync(cancellationToken);
                return new EmbeddedSilo(host, storage);
            }
            catch
            {
                host.Dispose();
                throw;
            }
        }
        catch
        {
            await storage.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
        await _storage.DisposeAsync();
    }
}

/// <summary>Finds free loopback ports.</summary>
internal static class FreePorts
{
    /// <summary>More tries find nothing new: all free ports have been given out.</summary>
    private const int MaxTries = 100;

    private static readonly Lock Guard = new();

    /// <summary>Given out by this process: the silo may not listen yet. Guarded by <see cref="Guard"/>.</summary>
    private static readonly HashSet<int> Given = [];

    /// <summary>
    /// Returns different free ports, none of which was given out before. If another program takes one before its use,
    /// the listener fails with a clear error.
    /// </summary>
    public static int[] Find(int count)
    {
        var (ports, listeners) = (new List<int>(), new List<TcpListener>());
        try
        {
            while (ports.Count < count)
            {
                var listener = new TcpListener(IPAddress.Loopback, 0);
                listeners.Add(listener);
                listener.Start();
                var port = ((IPEndPoint)listener.LocalEndpoint).Port;
                lock (Guard)
                {
                    if (Given.Add(port) || listeners.Count > MaxTries) ports.Add(port);
                }
            }

            return [.. ports];
        }
        finally
        {
            foreach (var listener in listeners) listener.Dispose();
        }
    }
}

/// <summary>
/// Leaves signals to the program that hosts the silo or the client: it stops the host when it is done.
/// </summary>
public sealed class PassiveLifetime : IHostLifetime
{
    /// <inheritdoc/>
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
