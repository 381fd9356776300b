using Snapshots.Protocol;

namespace Snapshots.Scripts.Tests;

/// <summary>Runs script texts on the core engine.</summary>
internal static class Replay
{
    public static Task<ReplayResult> OnCoreAsync(string text) =>
        ScriptRunner.RunAsync(Script.Parse(text), new CoreScriptEngine(), TestContext.Current.CancellationToken);

    public static Task<ReplayResult> OnCoreAsync(params string[] lines) => OnCoreAsync(string.Join('\n', lines));

    public static async Task<ScriptException> FailureAsync(params string[] lines) =>
        await Assert.ThrowsAsync<ScriptException>(() => OnCoreAsync(lines));

    public static ReplaySnapshot Snapshot(this ReplayResult result, string id) =>
        Assert.Single(result.Snapshots, snapshot => snapshot.Id == new SnapshotId(id));
}
