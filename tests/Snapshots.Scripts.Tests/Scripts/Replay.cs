using Snapshots.Protocol;
using Snapshots.Samples;

namespace Snapshots.Scripts.Tests;

/// <summary>Runs script texts on the core engine.</summary>
internal static class Replay
{
    public static Task<ReplayResult<TokenState, TokenMessage>> OnCoreAsync(string text) =>
        OnCoreAsync(TokenScripts.Instance, text);

    public static Task<ReplayResult<TState, TMessage>> OnCoreAsync<TState, TMessage>(
        ScriptApplication<TState, TMessage> application, string text) => ScriptRunner.RunAsync(
            Script.Parse(text), new CoreScriptEngine<TState, TMessage>(application), TestContext.Current.CancellationToken);

    public static Task<ReplayResult<TokenState, TokenMessage>> OnCoreAsync(params string[] lines) =>
        OnCoreAsync(string.Join('\n', lines));

    public static Task<ReplayResult<LocksState, LocksMessage>> LocksAsync(params string[] lines) =>
        OnCoreAsync(LocksScripts.Instance, string.Join('\n', ["application locks", .. lines]));

    public static Task<ReplayResult<ObjectState, ObjectMessage>> ObjectsAsync(params string[] lines) =>
        OnCoreAsync(ObjectsScripts.Instance, string.Join('\n', ["application objects", .. lines]));

    public static async Task<ScriptException> FailureAsync(params string[] lines) =>
        await Assert.ThrowsAsync<ScriptException>(() => OnCoreAsync(lines));

    public static ReplaySnapshot<TState, TMessage> Snapshot<TState, TMessage>(
        this ReplayResult<TState, TMessage> result, string id) =>
        Assert.Single(result.Snapshots, snapshot => snapshot.Id == new SnapshotId(id));
}
