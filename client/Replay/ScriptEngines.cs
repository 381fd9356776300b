using Microsoft.Extensions.Logging;
using Snapshots.Bank.Hosting;
using Snapshots.Scripts;
using Snapshots.Scripts.Grains;

namespace Snapshots.Client;

/// <summary>The engines that scripts run on, by name.</summary>
internal static class ScriptEngines
{
    private const string GrainsName = "grains";

    /// <summary>The engine of that name, fresh.</summary>
    public static async Task<ScriptEngineHost> CreateAsync(string name, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return name == GrainsName
            ? await CreateGrainsAsync(cancellationToken)
            : new ScriptEngineHost(new CoreScriptEngine(), () => ValueTask.CompletedTask);
    }

    /// <summary>The engines' names, as the option takes them.</summary>
    public static IReadOnlyList<string> Names { get; } = ["core", GrainsName];

    /// <summary>A silo of its own for each script, on a data directory that goes with it.</summary>
    private static async Task<ScriptEngineHost> CreateGrainsAsync(CancellationToken cancellationToken)
    {
        var data = Directory.CreateTempSubdirectory("snapshots-replay-");
        try
        {
            var silo = await EmbeddedSilo.StartAsync(
                data.FullName, LogLevel.None, GrainScriptEngine.AddScriptGrains, GrainScriptEngine.Configure, cancellationToken);
            return new ScriptEngineHost(new GrainScriptEngine(silo.Services), async () =>
            {
                await silo.DisposeAsync();
                data.Delete(recursive: true);
            });
        }
        catch
        {
            data.Delete(recursive: true);
            throw;
        }
    }
}
