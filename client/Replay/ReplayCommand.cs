using Microsoft.Extensions.Logging;
using Snapshots.Bank.Hosting;
using Snapshots.Scripts;
using Snapshots.Scripts.Grains;

namespace Snapshots.Client;

/// <summary><c>replay FILE [--engine core|grains]</c>.</summary>
internal sealed class ReplayCommand : ClientCommand
{
    private readonly Argument<string> _file = Inputs.Argument("FILE", "The script", Read.Path);
    private readonly Option<string> _engine = Inputs.Option(
        "--engine", "core|grains", "Run it on the protocol core alone (default), or on real grains", ReadEngine);

    public ReplayCommand(CommandContext context)
        : base("replay", "Run a scenario script that fixes every interleaving.", context)
    {
        _engine.CompletionSources.Add([.. ScriptEngines.Names]);
        Add(_file);
        Add(_engine);
    }

    protected override async Task<int> RunAsync(CommandRun run)
    {
        var path = run.Get(_file);
        var script = await InputFile.ReadAsync(path, stream => Script.ReadAsync(stream, run.Interrupted));
        var startedAt = run.Time.GetUtcNow();
        await using var host = await CreateEngineAsync(run);
        var result = await ScriptRunner.RunAsync(script, host.Engine, run.Interrupted);
        var report = new ReplayReport(result, startedAt, run.Time.GetUtcNow());
        var failure = result.Passed
            ? null
            : new Failure(ErrorCode.PropertyViolated, $"{path}: {result.Failures.Length} expectations failed");
        return run.Terminal.ShowObject(report.Write, report.Show, failure);
    }

    private async Task<ScriptEngineHost> CreateEngineAsync(CommandRun run)
    {
        try
        {
            return await ScriptEngines.CreateAsync(run.Get(_engine) ?? ScriptEngines.Names[0], run.Interrupted);
        }
        catch (NotSupportedException exception)
        {
            throw new ClientException(ErrorCode.Unexpected, exception.Message, exception);
        }
    }

    private static string ReadEngine(string text) =>
        ScriptEngines.Names.Contains(text)
            ? text
            : throw new InputException($"'{text}' is not one of {string.Join(", ", ScriptEngines.Names)}");
}

/// <summary>Makes the engines that scripts run on, by name.</summary>
internal static class ScriptEngines
{
    private const string GrainsName = "grains";

    /// <summary>Makes a new engine of that name.</summary>
    public static async Task<ScriptEngineHost> CreateAsync(string name, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return name == GrainsName
            ? await CreateGrainsAsync(cancellationToken)
            : new ScriptEngineHost(new CoreScriptEngine(), () => ValueTask.CompletedTask);
    }

    /// <summary>The engines' names, as the option takes them.</summary>
    public static IReadOnlyList<string> Names { get; } = ["core", GrainsName];

    /// <summary>Starts a silo for one script, on a temporary data directory.</summary>
    private static async Task<ScriptEngineHost> CreateGrainsAsync(CancellationToken cancellationToken)
    {
        var data = Directory.CreateTempSubdirectory("snapshots-replay-");
        try
        {
            var silo = await EmbeddedSilo.StartAsync(
                data.FullName,
                LogLevel.None,
                GrainScriptEngine.AddScriptGrains,
                GrainScriptEngine.Configure,
                cancellationToken);
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

/// <summary>Owns an engine and what it runs on.</summary>
internal sealed class ScriptEngineHost(IScriptEngine engine, Func<ValueTask> close) : IAsyncDisposable
{
    /// <summary>The engine.</summary>
    public IScriptEngine Engine { get; } = engine;

    public ValueTask DisposeAsync() => close();
}
