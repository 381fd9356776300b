using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Serialization;
using Snapshots.Bank.Hosting;

namespace Snapshots.Client;

/// <summary>A silo of one sample for a story, in a temporary folder.</summary>
internal sealed class SampleSilo : IAsyncDisposable
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly DirectoryInfo _folder;
    private readonly EmbeddedSilo _silo;

    private SampleSilo(DirectoryInfo folder, EmbeddedSilo silo, string application)
    {
        _folder = folder;
        _silo = silo;
        Snapshots = new(silo.Grains, application, silo.Services.GetRequiredService<Serializer>());
    }

    public IGrainFactory Grains => _silo.Grains;

    public SnapshotClient Snapshots { get; }

    public static async Task<SampleSilo> StartAsync(
        string application, CancellationToken interrupted, Action<ISiloBuilder>? configure = null)
    {
        var folder = Directory.CreateTempSubdirectory("snapshots-demo-");
        try
        {
            var silo = await EmbeddedSilo.StartAsync(
                folder.FullName, LogLevel.None, configure, applications: [application], cancellationToken: interrupted);
            return new(folder, silo, application);
        }
        catch
        {
            folder.Delete(recursive: true);
            throw;
        }
    }

    /// <summary>Looks until a condition holds. Returns false if it does not within a few seconds.</summary>
    public static async Task<bool> WaitAsync(Func<Task<bool>> condition, CancellationToken interrupted)
    {
        var startedAt = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(startedAt) > MaxWait) return false;
            await Task.Delay(Pause, interrupted);
        }

        return true;
    }

    public async ValueTask DisposeAsync()
    {
        await _silo.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
