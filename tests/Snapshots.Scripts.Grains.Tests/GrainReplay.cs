using Microsoft.Extensions.Logging;
using Snapshots.Bank.Hosting;
using Snapshots.Diagrams;
using Snapshots.Samples;

namespace Snapshots.Scripts.Grains.Tests;

/// <summary>
/// Runs scripts on real grains in an embedded silo of their own, and tells results so that they can be compared.
/// </summary>
internal static class GrainReplay
{
    /// <summary>Runs a script on the core and on grains, and returns what each gave.</summary>
    public static Task<(IReadOnlyList<string> Core, IReadOnlyList<string> Grains)> RunBothAsync(Script script) =>
        script.Application switch
        {
            LocksApplication.Name => RunBothAsync(script, LocksScripts.Instance),
            ObjectsApplication.Name => RunBothAsync(script, ObjectsScripts.Instance),
            _ => RunBothAsync(script, TokenScripts.Instance),
        };

    private static async Task<(IReadOnlyList<string> Core, IReadOnlyList<string> Grains)>
        RunBothAsync<TState, TMessage>(Script script, ScriptApplication<TState, TMessage> application)
        where TState : notnull
        where TMessage : notnull
    {
        var engine = new CoreScriptEngine<TState, TMessage>(application);
        var history = new ScriptHistory<TState, TMessage>("script");
        var core = await ScriptRunner.RunAsync(script, engine, history, TestContext.Current.CancellationToken);
        return (Describe(core, history), await RunAsync(script, application));
    }

    private static async Task<IReadOnlyList<string>> RunAsync<TState, TMessage>(
        Script script, ScriptApplication<TState, TMessage> application)
        where TState : notnull
        where TMessage : notnull
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(TimeSpan.FromMinutes(2));
        var data = Directory.CreateTempSubdirectory("snapshots-script-");
        try
        {
            await using var silo = await EmbeddedSilo.StartAsync(
                data.FullName,
                LogLevel.Error,
                builder => ScriptGrains.Add(builder, application),
                ScriptGrains.Configure,
                [ScriptGrains.NameOf(application.Name)],
                timeout.Token);
            var engine = new GrainScriptEngine<TState, TMessage>(silo.Services, application);
            var history = new ScriptHistory<TState, TMessage>("script");
            return Describe(await ScriptRunner.RunAsync(script, engine, history, timeout.Token), history);
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    /// <summary>Everything but the engine's name, one fact a line.</summary>
    private static IReadOnlyList<string> Describe<TState, TMessage>(
        ReplayResult<TState, TMessage> result, ScriptHistory<TState, TMessage> history) =>
    [
        .. ShiVizLog.Write(history.ToSpaceTime(result)).Split('\n'),
        .. SpaceTimeDiagram.Draw(history.ToSpaceTime(result)).Split('\n'),
        .. result.Failures,
        .. result.Snapshots.Select(Describe),
        .. result.Final.Select(process => $"{process.Id} {process.State}"),
    ];

    private static string Describe<TState, TMessage>(ReplaySnapshot<TState, TMessage> snapshot) => snapshot.State is not { } state
        ? $"{snapshot.Id} {snapshot.Number} {snapshot.Initiator} running "
            + $"{snapshot.Progress.ProcessesRecorded}/{snapshot.Progress.ProcessesExpected} "
            + $"{snapshot.Progress.ChannelsClosed}/{snapshot.Progress.ChannelsExpected} "
            + $"{string.Join(',', snapshot.Progress.WaitingFor)}"
        : $"{snapshot.Id} {snapshot.Number} {snapshot.Initiator} "
            + string.Join(' ', state.Processes.Select(process => $"{process.Id}={process.State}"))
            + string.Join(' ', state.Channels.Select(channel =>
                $"{channel.Channel} {channel.Sent}/{channel.Delivered} "
                    + $"{string.Join(',', channel.Messages.Select(message => message.Message))}"));
}
