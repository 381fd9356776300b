using System.Globalization;
using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>
/// One schedule as text: what is done from outside, everything that happens, and what the invariants say.
/// </summary>
public static class ScheduleText
{
    /// <summary>The run of a seed, the same text every time, and the first invariant that it breaks.</summary>
    public static (IReadOnlyList<string> Lines, string? Broken) Of(long seed)
    {
        var (plan, verdict) = Run(seed);
        return (Of(plan, verdict), verdict.Breaches.FirstOrDefault()?.Invariant);
    }

    internal static (Plan Plan, Verdict Verdict) Run(long seed)
    {
        var plan = Campaign.PlanOf(seed);
        return (plan, Judge.Run(plan, static () => new Variant(), Campaign.IsRunBare(seed)));
    }

    internal static IReadOnlyList<string> Of(Plan plan, Verdict verdict)
    {
        var profile = plan.Profile;
        return
        [
            string.Create(CultureInfo.InvariantCulture, $"seed {unchecked((long)plan.Seed)}: {plan.CountProcesses()} processes, {profile.Processes} of them from the start, epoch {profile.Epoch}, {(profile.Opening == ChannelOpening.Pair ? "channels in pairs" : "directed channels")}, {(profile.Markers == MarkerPolicy.Owed ? "owed markers" : "a marker on every channel")}"),
            string.Create(CultureInfo.InvariantCulture, $"network, in 1024: loss {profile.Loss}, repetition {profile.Repetition}, delay {profile.Delay}; writes: slow {profile.SlowWrite}, failed {profile.FailedWrite}, unknown {profile.UnknownWrite}, late {profile.LateWrite}"),
            string.Create(CultureInfo.InvariantCulture, $"limits: window {profile.Limits.Window}, held back {profile.Limits.MaxHeldBackFrames}, recorded {profile.Limits.MaxRecordedMessages}; clients give up {profile.GivesUp}; faults end at {profile.HorizonMs} ms"),
            .. plan.Operations.Select(TextOf),
            .. TraceText.Lines(verdict.Trace),
            .. verdict.Breaches.Select(breach => $"BROKEN {breach.Invariant}: {breach.Detail}"),
        ];
    }

    private static string TextOf(Operation operation)
    {
        var (process, other) = (ProcessNames.Of(operation.Process), ProcessNames.Of(operation.Other));
        var text = operation.Kind switch
        {
            OperationKind.Request when process == other => $"deposit {operation.Value} at {process}, request {operation.Key}",
            OperationKind.Request => $"transfer {operation.Value} from {process} to {other}, request {operation.Key}",
            OperationKind.OpenChannel => $"open {process}->{other}",
            OperationKind.BeginSnapshot => $"snapshot at {process}{(operation.DurationMs == 0 ? string.Empty : $", times out after {operation.DurationMs} ms")}",
            OperationKind.AbortSnapshot => $"abort snapshot {operation.Value}",
            OperationKind.Crash => $"crash {process} for {operation.DurationMs} ms",
            OperationKind.CrashWithReport => $"crash {process} for {operation.DurationMs} ms with its next channel report",
            OperationKind.CrashCollector => $"crash the collector of snapshot {operation.Value}, or a part, or the index",
            OperationKind.Restore => $"restore the {(operation.Value % 2 == 0 ? "newest" : "oldest")} snapshot",
            OperationKind.AbortRestore => "abort the restore",
            OperationKind.CrashIndex => "crash the index",
            OperationKind.Read => $"the client of {other} reads {process}",
            OperationKind.DeleteSnapshot => $"delete snapshot {operation.Value}",
            OperationKind.Duplicate => $"a second activation of {process}",
            OperationKind.Clog => $"clog {process}->{other} for {operation.DurationMs} ms",
            OperationKind.Cut => $"cut off {process}->{other} for {operation.DurationMs} ms",
            OperationKind.Damage => $"damage the journal of {process}",
            OperationKind.LeaveReader => $"a second activation of {process}; the first one only reads",
            OperationKind.OldFrame => $"a frame of an older epoch, {process}->{other}",
            OperationKind.OldAcknowledgement => $"an acknowledgement of an older epoch, of {process}->{other}",
            _ => $"a report of an older epoch, of {process}",
        };
        return string.Create(CultureInfo.InvariantCulture, $"  at {operation.AtMs} ms: {text}");
    }
}
