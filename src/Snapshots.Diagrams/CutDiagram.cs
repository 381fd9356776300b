namespace Snapshots.Diagrams;

/// <summary>What one channel holds at a cut.</summary>
/// <param name="Source">The process that sent the messages.</param>
/// <param name="Target">The process that they are for.</param>
/// <param name="Messages">The messages in transit, in order, in a few words each.</param>
public sealed record ChannelInTransit(string Source, string Target, ImmutableArray<string> Messages);

/// <summary>Draws a global state alone: the processes, the cut, and the messages in transit across it.</summary>
public static class CutDiagram
{
    internal const int MaxNote = 40;
    private const int ColumnWidth = 190;
    internal const int MaxArrows = 24;

    /// <summary>
    /// Returns the picture. Of more than 12 processes it shows those with most in transit; of more than 24 channels the
    /// fullest.
    /// </summary>
    /// <param name="snapshot">The name of the snapshot.</param>
    /// <param name="processes">The processes, with their states in a few words.</param>
    /// <param name="channels">The channels; those without messages are left out.</param>
    /// <param name="embedded">As for <see cref="SpaceTimeDiagram.Draw"/>.</param>
    public static string Draw(
        string snapshot,
        IReadOnlyCollection<DiagramProcess> processes,
        IEnumerable<ChannelInTransit> channels,
        bool embedded = false)
    {
        ArgumentNullException.ThrowIfNull(processes);
        var busy = channels.Where(channel => !channel.Messages.IsEmpty)
            .OrderByDescending(channel => channel.Messages.Length).ToList();
        var builder = new SpaceTimeBuilder($"Snapshot {snapshot}");
        var drawn = Choose(processes, busy);
        foreach (var process in drawn) builder.Process(process.Id);
        var arrows = busy.Where(each => drawn.Exists(process => process.Id == each.Source)
            && drawn.Exists(process => process.Id == each.Target)).Take(MaxArrows).ToList();
        var frames = arrows.ConvertAll(channel => builder.Add(new DiagramFrame(
            builder.Add(channel.Source, DiagramEventKind.Send, "sent before the cut"),
            builder.Process(channel.Target),
            Target: null,
            TextOf(channel))));
        var records = drawn.ConvertAll(process =>
        {
            builder.NextStep();
            return builder.Add(process.Id, DiagramEventKind.Record, $"records {snapshot}");
        });
        for (var arrow = 0; arrow < arrows.Count; arrow++)
        {
            builder.NextStep();
            var arrival = builder.Add(arrows[arrow].Target, DiagramEventKind.Local, "delivered after the cut");
            builder.Replace(frames[arrow], builder.Frame(frames[arrow]) with { Target = arrival });
        }

        var run = builder.Build([new(snapshot, [.. records], [.. frames])]);
        var noted = drawn.ConvertAll(process => process with { Note = SvgText.Clip(process.Note, MaxNote) });
        var title = TitleOf(run.Title, processes.Count, drawn.Count, busy, arrows);
        run = run with { Processes = [.. noted], Title = title };
        return SpaceTimeDiagram.Paint(run, ColumnWidth, SpaceTimeText.Describe(run), embedded);
    }

    /// <summary>The processes with most in transit; of equal ones those of which more is known.</summary>
    internal static List<DiagramProcess> Choose(
        IReadOnlyCollection<DiagramProcess> processes,
        List<ChannelInTransit> busy,
        Func<DiagramProcess, int>? known = null)
    {
        var weights = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var (source, target, messages) in busy)
        {
            weights[source] = weights.GetValueOrDefault(source) + messages.Length;
            weights[target] = weights.GetValueOrDefault(target) + messages.Length;
        }

        var chosen = processes.OrderByDescending(process => weights.GetValueOrDefault(process.Id))
            .ThenByDescending(process => known?.Invoke(process) ?? 0).Take(SpaceTimeLayout.MaxRows).ToHashSet();
        return [.. processes.Where(chosen.Contains)];
    }

    internal static string TextOf(ChannelInTransit channel)
    {
        if (channel.Messages is [var single]) return single;
        var (count, first) = (channel.Messages.Length, string.Join(", ", channel.Messages.Take(3)));
        return string.Create(CultureInfo.InvariantCulture, $"{count}: {first}{(count > 3 ? " …" : "")}");
    }

    internal static string TitleOf(
        string title, int all, int drawn, List<ChannelInTransit> busy, List<ChannelInTransit> arrows)
    {
        var (total, shown) = (busy.Sum(each => each.Messages.Length), arrows.Sum(each => each.Messages.Length));
        return $"{title}: {Part(drawn, all)} processes, {Part(shown, total)} messages in transit";

        static string Part(int shown, int all) =>
            string.Create(CultureInfo.InvariantCulture, $"{(shown < all ? $"{shown} of " : "")}{all}");
    }
}
