using Snapshots.Scripts;

namespace Snapshots.Client;

/// <summary>An engine with all that it runs on, which ends when this is disposed of.</summary>
internal sealed class ScriptEngineHost(IScriptEngine engine, Func<ValueTask> close) : IAsyncDisposable
{
    /// <summary>The engine.</summary>
    public IScriptEngine Engine { get; } = engine;

    public ValueTask DisposeAsync() => close();
}
