using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Serialization;
using Snapshots.Bank.Hosting;
using Snapshots.Grains;
using Stock;

namespace Snapshots.Client.Tests;

/// <summary>A silo within the test, to which the program connects as to any other.</summary>
public sealed class BankCluster : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private EmbeddedSilo? _silo;

    /// <summary>Meddles with the calls.</summary>
    public Meddler Meddler { get; } = new();

    /// <summary>Creates references to grains.</summary>
    public IGrainFactory Grains => _silo!.Grains;

    /// <summary>Orleans's serializer.</summary>
    public Serializer Serializer => _silo!.Services.GetRequiredService<Serializer>();

    /// <summary>The gateway, as the program takes it.</summary>
    public string Gateway
    {
        get
        {
            var port = _silo!.Services.GetRequiredService<IOptions<EndpointOptions>>().Value.GatewayPort;
            return string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");
        }
    }

    public async ValueTask InitializeAsync() => _silo = await EmbeddedSilo.StartAsync(
        _folder.Path, LogLevel.None, silo => silo
            .AddIncomingGrainCallFilter(Meddler)
            .AddCheck<NothingLost>()
            .AddCheck<UnluckyCheck>());

    /// <summary>Runs a command line against this cluster, within the test.</summary>
    public Task<ProgramResult> RunAsync(string commandLine) => InProcess.RunAsync($"{commandLine} --gateway {Gateway}");

    /// <summary>The same in a process of its own.</summary>
    internal BuiltProgram Start(string commandLine) =>
        BuiltProgram.Start($"{commandLine} --gateway {Gateway}".Split(' '));

    /// <summary>The silo goes away.</summary>
    public async ValueTask StopAsync()
    {
        Meddler.End();
        if (_silo is not null) await _silo.DisposeAsync();
        _silo = null;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Meddler.Dispose();
        _folder.Dispose();
    }
}
