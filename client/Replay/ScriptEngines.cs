using Snapshots.Simulation;

namespace Snapshots.Client;

/// <summary>The engines that scripts run on, by name.</summary>
internal static class ScriptEngines
{
    /// <summary>The engine of that name, fresh.</summary>
    /// <exception cref="NotSupportedException">This program cannot run scripts on that engine.</exception>
    public static Task<ScriptEngineHost> CreateAsync(string name, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return name switch
        {
            "core" => Task.FromResult(new ScriptEngineHost(new CoreScriptEngine(), () => ValueTask.CompletedTask)),
            "grains" => throw new NotSupportedException("the engine grains is not part of this program yet"),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "no such engine"),
        };
    }

    /// <summary>The engines' names, as the option takes them.</summary>
    public static IReadOnlyList<string> Names { get; } = ["core", "grains"];
}
