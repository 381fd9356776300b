using System.Text;
using Microsoft.Extensions.Logging;
using Snapshots.Bank.Hosting;
using Snapshots.Diagrams;
using Snapshots.Samples;
using Snapshots.Scripts;
using Snapshots.Scripts.Grains;

namespace Snapshots.Client;

/// <summary><c>replay FILE [--engine core|grains]</c>.</summary>
internal sealed class ReplayCommand : ClientCommand
{
    private const string Stdout = "-";

    private readonly Argument<string> _file = Inputs.Argument("FILE", "The script", Read.Path);
    private readonly Option<string> _engine = Inputs.Option(
        "--engine", "core|grains", "Run it on the protocol core alone (default), or on real grains", ReadEngine);

    private readonly Option<string> _svg = Inputs.Option(
        "--svg", "FILE", "Draw the run as a space-time diagram; - is stdout", Read.Path);

    private readonly Option<string> _shiViz = Inputs.Option(
        "--shiviz", "FILE", "Write the run as a log for ShiViz; - is stdout", Read.Path);

    public ReplayCommand(CommandContext context)
        : base("replay", "Run a scenario script that fixes every interleaving.", context)
    {
        _engine.CompletionSources.Add([.. ScriptEngines.Names]);
        Add(_file);
        Add(_engine);
        Add(_svg);
        Add(_shiViz);
        Validators.Add(result =>
        {
            if (result.GetValue(_svg) == Stdout && result.GetValue(_shiViz) == Stdout)
                result.AddError("--svg and --shiviz cannot both write to stdout");
        });
    }

    protected override async Task<int> RunAsync(CommandRun run)
    {
        var path = run.Get(_file);
        var script = await InputFile.ReadAsync(path, stream => Script.ReadAsync(stream, run.Interrupted));
        return script.Application switch
        {
            LocksApplication.Name =>
                await ReplayAsync(run, path, script, LocksScripts.Instance, LocksFormat.Instance),
            ObjectsApplication.Name =>
                await ReplayAsync(run, path, script, ObjectsScripts.Instance, ObjectsFormat.Instance),
            _ => await ReplayAsync(run, path, script, TokenScripts.Instance, TokenFormat.Instance),
        };
    }

    private async Task<int> ReplayAsync<TState, TMessage>(
        CommandRun run,
        string path,
        Script script,
        ScriptApplication<TState, TMessage> application,
        IDocumentFormat<TState, TMessage> format)
        where TState : notnull
        where TMessage : notnull
    {
        var startedAt = run.Time.GetUtcNow();
        await using var host = await CreateEngineAsync(run, application);
        var history = new ScriptHistory<TState, TMessage>(Path.GetFileName(path));
        var result = await ScriptRunner.RunAsync(
            script, host.Engine, HasPicture(run) ? history : null, run.Interrupted);
        var report = new ReplayReport<TState, TMessage>(
            result, application, format, startedAt, run.Time.GetUtcNow());
        var failure = result.Passed
            ? null
            : new Failure(ErrorCode.PropertyViolated, $"{path}: {result.Failures.Length} expectations failed");
        var onStdout = HasPicture(run) ? await WriteAsync(run, history.ToSpaceTime(result)) : null;
        return onStdout is null
            ? run.Terminal.ShowObject(report.Write, report.Show, failure)
            : run.Terminal.ShowText(onStdout, failure);
    }

    private bool HasPicture(CommandRun run) => run.Get(_svg) is not null || run.Get(_shiViz) is not null;

    /// <summary>Writes the files that are asked for. Returns the one that is for stdout; null for none.</summary>
    private async Task<byte[]?> WriteAsync(CommandRun run, SpaceTime happened)
    {
        byte[]? onStdout = null;
        await WriteAsync(run.Get(_svg), () => SpaceTimeDiagram.Draw(happened));
        await WriteAsync(run.Get(_shiViz), () => ShiVizLog.Write(happened));
        return onStdout;

        async Task WriteAsync(string? file, Func<string> write)
        {
            if (file is null) return;
            var text = Encoding.UTF8.GetBytes(write());
            if (file == Stdout) onStdout = text;
            else await OutputFile.WriteAsync(file, stream => stream.WriteAsync(text, run.Interrupted).AsTask());
        }
    }

    private async Task<ScriptEngineHost<TState, TMessage>> CreateEngineAsync<TState, TMessage>(
        CommandRun run, ScriptApplication<TState, TMessage> application)
        where TState : notnull
        where TMessage : notnull
    {
        try
        {
            return await ScriptEngines.CreateAsync(
                run.Get(_engine) ?? ScriptEngines.Names[0], application, run.Interrupted);
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

    /// <summary>The engines' names, as the option takes them.</summary>
    public static IReadOnlyList<string> Names { get; } = ["core", GrainsName];

    /// <summary>Makes a new engine of that name.</summary>
    public static async Task<ScriptEngineHost<TState, TMessage>> CreateAsync<TState, TMessage>(
        string name, ScriptApplication<TState, TMessage> application, CancellationToken cancellationToken)
        where TState : notnull
        where TMessage : notnull
    {
        cancellationToken.ThrowIfCancellationRequested();
        return name == GrainsName
            ? await CreateGrainsAsync(application, cancellationToken)
            : new(new CoreScriptEngine<TState, TMessage>(application), () => ValueTask.CompletedTask);
    }

    /// <summary>Starts a silo for one script, on a temporary data directory.</summary>
    private static async Task<ScriptEngineHost<TState, TMessage>> CreateGrainsAsync<TState, TMessage>(
        ScriptApplication<TState, TMessage> application, CancellationToken cancellationToken)
        where TState : notnull
        where TMessage : notnull
    {
        var data = Directory.CreateTempSubdirectory("snapshots-replay-");
        try
        {
            var silo = await EmbeddedSilo.StartAsync(
                data.FullName,
                LogLevel.None,
                builder => ScriptGrains.Add(builder, application),
                ScriptGrains.Configure,
                [ScriptGrains.NameOf(application.Name)],
                cancellationToken);
            return new(new GrainScriptEngine<TState, TMessage>(silo.Services, application), async () =>
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
internal sealed class ScriptEngineHost<TState, TMessage>(
    IScriptEngine<TState, TMessage> engine, Func<ValueTask> close) : IAsyncDisposable
{
    /// <summary>The engine.</summary>
    public IScriptEngine<TState, TMessage> Engine { get; } = engine;

    public ValueTask DisposeAsync() => close();
}
