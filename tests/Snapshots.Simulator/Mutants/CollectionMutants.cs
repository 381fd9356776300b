using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>A report of a channel that comes again is counted again.</summary>
internal sealed class CountsReportsTwice : Variant
{
    public CountsReportsTwice() => StoresReportsTwice = true;

    public override LedgerSnapshot Read(LedgerSnapshot state, IReadOnlyList<Report> reports)
    {
        var twice = reports.OfType<ChannelReport<LedgerMessage>>()
            .GroupBy(report => new ChannelId(report.Source, report.Process))
            .Where(group => group.Count() > 1)
            .Select(group => group.Key)
            .ToHashSet();
        return state with
        {
            Channels = [.. state.Channels.Select(channel => twice.Contains(channel.Channel)
                ? channel with { Messages = [.. channel.Messages, .. channel.Messages] }
                : channel)],
        };
    }
}

/// <summary>A snapshot is completed when every member has recorded, whatever the channels wait for.</summary>
internal sealed class EndsTooEarly : Variant
{
    public override PartView Arrive(PartView view)
    {
        var standing = view.Standing;
        if (standing.MissingProcesses > 0) return view;
        return new(view.Version, JudgesBeforeAllIsHeard.Unheard(standing with
        {
            Progress = standing.Progress with { ChannelsClosed = standing.Progress.ChannelsExpected },
            Violation = string.Empty,
        }));
    }
}

/// <summary>
/// A snapshot is completed when no part of its collection waits for anything, whatever the others have to tell it.
/// </summary>
internal sealed class JudgesBeforeAllIsHeard : Variant
{
    public override PartView Arrive(PartView view) => new(view.Version, Unheard(view.Standing));

    /// <summary>Nothing was told, and nothing was heard.</summary>
    public static PartStanding Unheard(PartStanding standing) => standing with
    {
        Told = [.. standing.Told.Select(_ => 0)],
        Heard = [.. standing.Heard.Select(_ => default(HeardCounts))],
    };
}

/// <summary>A part of a collection does not hear another one that was lost and counts again.</summary>
internal sealed class DeafToNewLives : Variant
{
    public override CountPage? Hear(HeardCounts heard, CountPage page) => heard.Count == 0 || heard.Life == page.Life ? page : null;
}

/// <summary>
/// A part of a collection takes the counts of a new life of another part for the next ones of the old life.
/// </summary>
internal sealed class OldLifeContinued : Variant
{
    public override CountPage? Hear(HeardCounts heard, CountPage page) => heard.Count == 0 || heard.Life == page.Life
        ? page
        : page with { Life = heard.Life, Offset = heard.Count, Counts = [], Total = heard.Count };
}

/// <summary>The epoch of a report is not looked at.</summary>
internal sealed class OldReportTaken : Variant
{
    public override Report Arrive(Report report, Epoch epoch) => report with { Epoch = epoch };
}

/// <summary>
/// What is below the highest number that has ended is taken for ended: a slow snapshot that a fast one overtakes is
/// lost.
/// </summary>
internal sealed class EndedBelowHighest : Variant
{
    public override SnapshotAnnouncement Announce(SnapshotAnnouncement announcement)
    {
        var ended = announcement.Highest;
        while (ended != default && announcement.Open.Contains(ended)) ended = new(ended.Value - 1);
        return new(announcement.Highest, announcement.Open.Where(snapshot => snapshot > ended));
    }
}
