namespace Snapshots.Detection;

/// <summary>The result of one check of one snapshot.</summary>
/// <param name="Name">The name of the check.</param>
/// <param name="Class">What the answer means.</param>
/// <param name="Holds">Whether the property holds on the cut.</param>
/// <param name="Finding">
/// Whether somebody should look: an invariant that does not hold, or a stable property that holds and is an alarm.
/// </param>
/// <param name="Witness">Why, as in <see cref="CheckAnswer"/>.</param>
public sealed record CheckResult(
    string Name, CheckClass Class, bool Holds, bool Finding, ImmutableArray<string> Witness)
{
    /// <summary>Returns the result of a check that has given its answer.</summary>
    public static CheckResult Of<TState, TMessage>(ISnapshotCheck<TState, TMessage> check, CheckAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(check);
        ArgumentNullException.ThrowIfNull(answer);
        var finding = check.Class switch
        {
            CheckClass.Stable => answer.Holds && check.IsAlarm,
            CheckClass.Invariant => !answer.Holds,
            _ => false,
        };
        return new(check.Name, check.Class, answer.Holds, finding, answer.Witness);
    }

    /// <summary>Runs a check on a global state that is in memory.</summary>
    public static CheckResult Of<TState, TMessage>(
        ISnapshotCheck<TState, TMessage> check, GlobalState<TState, TMessage> state)
    {
        ArgumentNullException.ThrowIfNull(check);
        ArgumentNullException.ThrowIfNull(state);
        var run = check.Begin();
        foreach (var process in state.Processes) run.Add(process);
        foreach (var channel in state.Channels) run.Add(channel);
        return Of(check, run.Conclude());
    }
}
