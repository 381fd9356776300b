namespace Snapshots.Scripts;

/// <summary>
/// Runs scripts: numbers, the order of a drain, expectations and results, all that engines have in common.
/// </summary>
public static class ScriptRunner
{
    /// <summary>
    /// Runs a script on a fresh engine, statement by statement. A failed expectation is noted, and the script goes
    /// on.
    /// </summary>
    /// <exception cref="ScriptException">
    /// A statement cannot be run: more is sent than is held, a channel to deliver from is empty, or more than
    /// <see cref="ScriptLimits.MaxDeliveries"/> frames are delivered.
    /// </exception>
    /// <exception cref="OperationCanceledException">
    /// It was cancelled, between two operations or by the engine within one.
    /// </exception>
    public static async Task<ReplayResult> RunAsync(
        Script script, IScriptEngine engine, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(script);
        ArgumentNullException.ThrowIfNull(engine);
        var run = new ScriptRun(engine);
        foreach (var step in script.Steps)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await run.StepAsync(step, cancellationToken).ConfigureAwait(false);
        }

        return await run.ToResultAsync(cancellationToken).ConfigureAwait(false);
    }
}
