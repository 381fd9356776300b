using Microsoft.Extensions.Logging;
using Snapshots.Bank.Hosting;

namespace Snapshots.Simulation.Grains.Tests;

public sealed class ScenarioTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "scenarios");

    public static TheoryData<string> Scenarios { get; } =
        [.. Directory.EnumerateFiles(Folder, "*.txt").Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task Real_grains_give_what_the_core_gives(string scenario)
    {
        var script = Script.Parse(await File.ReadAllTextAsync(Path.Combine(Folder, scenario), TestContext.Current.CancellationToken));
        var expected = await ScriptRunner.RunAsync(script, new CoreScriptEngine(), TestContext.Current.CancellationToken);

        var actual = await RunOnGrainsAsync(script);

        Assert.True(expected.Passed);
        Assert.Equal(expected.Failures, actual.Failures);
        Assert.Equal(expected.Final, actual.Final);
        Assert.Equal(expected.Snapshots.Select(Describe), actual.Snapshots.Select(Describe));
    }

    private static async Task<ReplayResult> RunOnGrainsAsync(Script script)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(TimeSpan.FromMinutes(2));
        var data = Directory.CreateTempSubdirectory("snapshots-script-");
        try
        {
            await using var silo = await EmbeddedSilo.StartAsync(
                data.FullName,
                LogLevel.Warning,
                GrainScriptEngine.AddScriptGrains,
                GrainScriptEngine.Configure,
                timeout.Token);
            return await ScriptRunner.RunAsync(script, new GrainScriptEngine(silo.Services), timeout.Token);
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    private static string Describe(ReplaySnapshot snapshot) => snapshot.State is not { } state
        ? $"{snapshot.Id} {snapshot.Number} {snapshot.Initiator} running {snapshot.Progress.ProcessesRecorded}/{snapshot.Progress.ProcessesExpected} "
            + string.Join(',', snapshot.Progress.WaitingFor)
        : $"{snapshot.Id} {snapshot.Number} {snapshot.Initiator} "
            + string.Join(' ', state.Processes.Select(process => $"{process.Id}={process.State}"))
            + string.Join(' ', state.Channels.Select(channel =>
                $"{channel.Channel} {channel.Sent}/{channel.Delivered} {string.Join(',', channel.Messages.Select(message => message.Message.Amount))}"));
}
