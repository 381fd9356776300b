namespace Snapshots.Diagrams;

/// <summary>
/// Says what a space-time diagram shows, for those who do not see it, and for those who point at a part.
/// </summary>
internal static class SpaceTimeText
{
    private const int MaxNames = 12;

    /// <summary>Describes the whole diagram.</summary>
    public static string Describe(SpaceTime run)
    {
        var messages = run.Frames.Count(frame => !frame.IsMarker);
        var text = new StringBuilder("A space-time diagram of ")
            .Append(Count(run.Processes.Length, "process", "processes")).Append(", ")
            .Append(Count(messages, "message", "messages")).Append(" and ")
            .Append(Count(run.Frames.Length - messages, "marker", "markers")).Append('.');
        foreach (var cut in run.Cuts.Take(MaxNames)) text.Append(' ').Append(Describe(run, cut)).Append('.');
        return text.ToString();
    }

    /// <summary>Describes one cut: what is in transit, and what it waits for.</summary>
    public static string Describe(SpaceTime run, DiagramCut cut)
    {
        var inTransit = List(cut.InTransit.Select(frame => Describe(run, run.Frames[frame])));
        var waiting = List(cut.WaitingFor.Select(process => run.Processes[process].Id));
        if (cut.IsRunning)
            return $"Snapshot {cut.Name} is running{(waiting.Length > 0 ? $" and waits for {waiting}" : string.Empty)}";
        return $"Snapshot {cut.Name}: " + (inTransit.Length > 0 ? $"in transit are {inTransit}" : "nothing is in transit");
    }

    /// <summary>Describes one frame, and what became of it.</summary>
    public static string Describe(SpaceTime run, DiagramFrame frame, bool isInTransit) => string.Concat(
        Describe(run, frame),
        isInTransit ? ", in transit" : string.Empty,
        frame switch
        {
            { IsLost: true } => ", lost",
            { IsRepeated: true } => ", repeated",
            { Target: null } => ", not delivered",
            _ => string.Empty,
        });

    private static string Describe(SpaceTime run, DiagramFrame frame)
    {
        var source = run.Processes[run.Events[frame.Source].Process].Id;
        var target = run.Processes[frame.TargetProcess].Id;
        return $"{source} to {target}: {(frame.IsMarker ? "marker " : string.Empty)}{frame.Text}";
    }

    private static string Count(int count, string one, string many) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? one : many)}");

    private static string List(IEnumerable<string> names)
    {
        var all = names.ToList();
        var more = all.Count - MaxNames;
        var rest = more > 0 ? $" and {Count(more, "other", "others")}" : string.Empty;
        return string.Join(", ", all.Take(MaxNames)) + rest;
    }
}
