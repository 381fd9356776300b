namespace Snapshots.Protocol;

/// <summary>
/// What the standings of all parts of a collection say together: whether the certificate holds over all members, which
/// no part alone can know.
/// </summary>
/// <remarks>
/// The standings may be of different moments. Where each part has heard exactly what each other one had told, they are
/// a consistent cut of the parts with nothing on its way between them: the same rule by which the parts judge the
/// processes. Nobody is missing and nothing is open then, so no part will ever have more to tell, and what was true on
/// the cut stays true. A part that is lost meanwhile changes nothing: what it told comes from reports that were stored
/// before they counted.
/// </remarks>
/// <param name="Status">Whether the collection runs, is complete or has failed.</param>
/// <param name="MustExchange">
/// Whether the parts are to tell each other what they have not heard: nothing else is missing for now.
/// </param>
/// <param name="Reason">Why it failed; empty unless it did.</param>
public sealed record CollectionRuling(CollectionStatus Status, bool MustExchange, string Reason)
{
    /// <summary>
    /// Whether all is there but the counts of processes at rest do not balance: something is in transit to one of them, and
    /// wakes it. If that takes long, the parts are to look up to which.
    /// </summary>
    public bool MustResolve { get; init; }

    /// <summary>Judges the standings of all parts, part by part.</summary>
    public static CollectionRuling Of(IReadOnlyList<PartStanding> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        if (parts.FirstOrDefault(part => part.Failure.Length > 0) is { } failed) return Fail(failed.Failure);
        if (parts.Any(part => part.MissingProcesses > 0)) return Running(mustExchange: false);
        if (!HaveHeardAll(parts)) return Running(mustExchange: true);
        if (parts.Any(part => part.OpenChannels > 0)) return Running(mustExchange: false);
        if (parts.Aggregate(UInt128.Zero, (sum, part) => unchecked(sum + part.Balance)) != UInt128.Zero)
        {
            return parts.Any(part => part.Unknown > 0)
                ? Running(mustExchange: false) with { MustResolve = true }
                : Fail("the certificate does not hold: what processes at rest have sent and delivered does not balance");
        }

        return parts.FirstOrDefault(part => part.Violation.Length > 0) is { } broken
            ? Fail($"the certificate does not hold: {broken.Violation}")
            : new(CollectionStatus.Complete, MustExchange: false, string.Empty);
    }

    /// <summary>Whether each part has heard all that each other one had to tell.</summary>
    public static bool HaveHeardAll(IReadOnlyList<PartStanding> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        return parts.All(teller => parts.All(hearer => hearer.Part == teller.Part || HasHeardAll(teller, hearer)));
    }

    /// <summary>The progress of all parts together.</summary>
    public static CollectionProgress Sum(IReadOnlyList<PartStanding> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        var anyMissing = parts.Any(part => part.MissingProcesses > 0);
        var waiting = parts.Where(part => part.MissingProcesses > 0 == anyMissing).SelectMany(part => part.Progress.WaitingFor);
        return new CollectionProgress(
            parts.Sum(part => part.Progress.ProcessesRecorded),
            parts.Sum(part => part.Progress.ProcessesExpected),
            parts.Sum(part => part.Progress.ChannelsClosed),
            parts.Sum(part => part.Progress.ChannelsExpected),
            [.. (parts.Count > 1 ? waiting.Order(StringComparer.Ordinal) : waiting).Take(CollectionProgress.MaxWaitingFor)]);
    }

    /// <summary>Whether one part has heard all that another one had to tell.</summary>
    internal static bool HasHeardAll(PartStanding teller, PartStanding hearer) =>
        (hearer.Heard[teller.Part].Life == teller.Life || teller.Told[hearer.Part] == 0)
        && hearer.Heard[teller.Part].Count == teller.Told[hearer.Part];

    private static CollectionRuling Running(bool mustExchange) => new(CollectionStatus.Running, mustExchange, string.Empty);

    private static CollectionRuling Fail(string reason) => new(CollectionStatus.Failed, MustExchange: false, reason);
}
