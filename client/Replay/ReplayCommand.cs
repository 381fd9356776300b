using System.CommandLine;
using Snapshots.Scripts;

namespace Snapshots.Client;

/// <summary><c>replay FILE [--engine core|grains]</c>.</summary>
internal sealed class ReplayCommand : ClientCommand
{
    private readonly Argument<string> _file = Inputs.Argument("FILE", "The script", Read.Path);
    private readonly Option<string> _engine = Inputs.Option(
        "--engine", "core|grains", "What runs it: the protocol core alone (default), or real grains", ReadEngine);

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
            : new Failure(ErrorCode.PropertyViolated, $"{path}: {result.Failures.Length} of its expectations failed");
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
        ScriptEngines.Names.Contains(text) ? text : throw new InputException($"'{text}' is none of {string.Join(", ", ScriptEngines.Names)}");
}
