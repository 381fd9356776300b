using Microsoft.Extensions.Logging;
using Snapshots.Bank.Hosting;

namespace Snapshots.Scripts.Grains.Tests;

/// <summary>
/// Runs scripts on real grains in an embedded silo of their own, and tells results so that they can be compared.
/// </summary>
internal static class GrainReplay
{
    public static async Task<ReplayResult> RunAsync(Script script)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(TimeSpan.FromMinutes(2));
        var data = Directory.CreateTempSubdirectory("snapshots-script-");
        try
        {
            await using var silo = await EmbeddedSilo.StartAsync(
                data.FullName,
                LogLevel.Error,
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

    /// <summary>Everything but the engine's name, one fact a line.</summary>
    public static IReadOnlyList<string> Describe(ReplayResult result) =>
    [
        .. result.Failures,
        .. result.Snapshots.Select(Describe),
        .. result.Final.Select(process => $"{process.Id} holds {process.Tokens}"),
    ];

    private static string Describe(ReplaySnapshot snapshot) => snapshot.State is not { } state
        ? $"{snapshot.Id} {snapshot.Number} {snapshot.Initiator} running "
            + $"{snapshot.Progress.ProcessesRecorded}/{snapshot.Progress.ProcessesExpected} "
            + $"{snapshot.Progress.ChannelsClosed}/{snapshot.Progress.ChannelsExpected} "
            + $"{string.Join(',', snapshot.Progress.WaitingFor)}"
        : $"{snapshot.Id} {snapshot.Number} {snapshot.Initiator} "
            + string.Join(' ', state.Processes.Select(process => $"{process.Id}={process.State}"))
            + string.Join(' ', state.Channels.Select(channel =>
                $"{channel.Channel} {channel.Sent}/{channel.Delivered} "
                    + $"{string.Join(',', channel.Messages.Select(message => message.Message.Amount))}"));
}
