using System.Runtime.CompilerServices;
using Snapshots.Protocol;
using Snapshots.Samples;

namespace Snapshots.Scripts.Tests;

public sealed class ScenarioTests
{
    public static TheoryData<string> Files =>
        [.. Directory.GetFiles(Folder, "*.txt").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "scenarios");

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Every_scenario_gives_on_the_core_the_states_that_were_derived_by_hand(string file)
    {
        await using var stream = File.OpenRead(Path.Combine(Folder, file));
        var script = await Script.ReadAsync(stream, TestContext.Current.CancellationToken);

        Assert.Contains(script.Steps, step => step is ExpectChannelStep or ExpectFoundStep);
        if (script.Application == LocksApplication.Name) await RunAsync(script, LocksScripts.Instance);
        else if (script.Application == ObjectsApplication.Name) await RunAsync(script, ObjectsScripts.Instance);
        else Assert.All(await RunAsync(script, TokenScripts.Instance), state => Assert.Equal(
            state.Processes.Sum(process => process.State.Issued),
            state.Processes.Sum(process => process.State.Tokens)
                + state.Channels.Sum(channel => channel.Messages.Sum(numbered => numbered.Message.Amount))));
    }

    private static async Task<List<GlobalState<TState, TMessage>>> RunAsync<TState, TMessage>(
        Script script, ScriptApplication<TState, TMessage> application)
    {
        var engine = new CoreScriptEngine<TState, TMessage>(application);
        var result = await ScriptRunner.RunAsync(script, engine, TestContext.Current.CancellationToken);
        Assert.Empty(result.Failures);
        Assert.True(result.Passed);
        var states = result.Snapshots.Select(snapshot => snapshot.State).OfType<GlobalState<TState, TMessage>>().ToList();
        Assert.All(states, state => Assert.Empty(Certificate.Check(state)));
        return states;
    }

    [Fact]
    public void All_scenarios_of_the_repository_are_run()
    {
        var source = Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", "scenarios");
        Assert.SkipUnless(Directory.Exists(source), "the sources are not here");
        Assert.Equal(Directory.EnumerateFiles(source, "*.txt").Count(), Files.Count);
        Assert.True(Files.Count >= 12);
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
