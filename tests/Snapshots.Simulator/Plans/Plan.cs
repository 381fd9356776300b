using System.Collections.Immutable;

namespace Snapshots.Simulator;

/// <summary>
/// Everything that decides a run: the kind, what is done from outside, and the seed of all that is left to chance.
/// Chance is drawn for each packet and each write by itself, so a plan with one operation less gives a run that is
/// otherwise much the same.
/// </summary>
/// <param name="Seed">The seed.</param>
/// <param name="Profile">The kind of run.</param>
/// <param name="Operations">What is done, in the order of time.</param>
internal sealed record Plan(ulong Seed, Profile Profile, ImmutableArray<Operation> Operations)
{
    /// <summary>The same plan without any snapshot, and without what only a snapshot repairs.</summary>
    public Plan WithoutSnapshots() => this with
    {
        Operations = [.. Operations.Where(each => each.Kind is not (OperationKind.BeginSnapshot or OperationKind.AbortSnapshot
            or OperationKind.CrashWithReport or OperationKind.CrashCollector or OperationKind.DeleteSnapshot or OperationKind.OldReport
            or OperationKind.Restore or OperationKind.AbortRestore or OperationKind.Damage))],
    };

    /// <summary>How many processes take part, newcomers included.</summary>
    public int CountProcesses() => Operations
        .Select(each => Math.Max(each.Process, each.Other) + 1)
        .Append(Profile.Processes)
        .Max();
}
