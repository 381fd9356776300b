namespace Snapshots.Diagrams;

/// <summary>
/// Where the parts of a space-time diagram stand: which processes and events are drawn, the line of each process, and
/// the place of each event on it. Time goes to the right; no event stands left of an earlier one.
/// </summary>
internal sealed class SpaceTimeLayout
{
    /// <summary>The most processes that are drawn.</summary>
    public const int MaxRows = 12;

    /// <summary>The most events that are drawn.</summary>
    public const int MaxEvents = 2_000;

    private const int RowHeight = 76;
    private const int PhaseWidth = 18;
    private const int HeaderHeight = 36;
    private const int HeaderRow = 18;
    private const int Gap = 26;

    private readonly SpaceTime _run;
    private readonly int[] _rows;
    private readonly int[] _places;

    public SpaceTimeLayout(SpaceTime run, int columnWidth)
    {
        _run = run;
        var drawn = Choose(run);
        _rows = new int[run.Processes.Length];
        Array.Fill(_rows, -1);
        for (var row = 0; row < drawn.Count; row++) _rows[drawn[row]] = row;
        Processes = drawn;
        _places = new int[run.Events.Length];
        Array.Fill(_places, -1);
        Left = (2 * Gap) + drawn.Select(process => WidthOf(run.Processes[process])).DefaultIfEmpty(0).Max();
        Right = Place(run, columnWidth);
        var frames = Enumerable.Range(0, run.Frames.Length);
        Frames = [.. frames.Where(frame => IsDrawn(run.Frames[frame]))];
        Notice = NoticeOf(run);
        (CutRows, var headers) = PlaceNames(run);
        Top = HeaderHeight + (Notice.Length > 0 ? HeaderRow : 0) + (headers * HeaderRow);
    }

    /// <summary>The processes that are drawn, from the top.</summary>
    public List<int> Processes { get; }

    /// <summary>The frames that are drawn.</summary>
    public List<int> Frames { get; }

    /// <summary>Where the lines of the processes begin.</summary>
    public int Left { get; }

    /// <summary>Where the lines of the processes end.</summary>
    public int Right { get; }

    /// <summary>Where the cuts begin, under their names.</summary>
    public int Top { get; }

    /// <summary>Where the cuts end.</summary>
    public int Bottom => YOf(Processes.Count - 1) + Gap;

    /// <summary>The line of each cut's name, from 1 above the cuts upwards.</summary>
    public int[] CutRows { get; }

    /// <summary>What is left out, for the reader; empty if everything is drawn.</summary>
    public string Notice { get; }

    /// <summary>Whether an event is drawn.</summary>
    public bool HasPlace(int happened) => _places[happened] >= 0;

    /// <summary>Whether a process is drawn.</summary>
    public bool HasRow(int process) => _rows[process] >= 0;

    public int XOf(int happened) => _places[happened];

    public int YOfProcess(int process) => YOf(_rows[process]);

    public int YOf(int row) => Top + Gap + (row * RowHeight);

    private static int WidthOf(DiagramProcess process) =>
        Math.Max(SvgText.WidthOf(process.Id) * 13 / 12, SvgText.WidthOf(process.Note));

    /// <summary>
    /// All processes, or of too many those to look at: the initiators, the ends of what is in transit, those that a
    /// snapshot waits for, and then the busiest.
    /// </summary>
    private static List<int> Choose(SpaceTime run)
    {
        if (run.Processes.Length <= MaxRows) return [.. Enumerable.Range(0, run.Processes.Length)];
        var weights = new long[run.Processes.Length];
        foreach (var frame in run.Frames)
        {
            weights[run.Events[frame.Source].Process]++;
            weights[frame.TargetProcess]++;
        }

        const long Important = 1L << 32;
        foreach (var cut in run.Cuts)
        {
            if (cut.Records is [var first, ..]) weights[run.Events[first].Process] += 4 * Important;
            foreach (var process in cut.WaitingFor) weights[process] += Important;
            foreach (var frame in cut.InTransit.Select(frame => run.Frames[frame]))
            {
                weights[run.Events[frame.Source].Process] += 2 * Important;
                weights[frame.TargetProcess] += 2 * Important;
            }
        }

        var chosen = Enumerable.Range(0, weights.Length).OrderByDescending(process => weights[process]).Take(MaxRows);
        return [.. chosen.Order()];
    }

    /// <summary>
    /// Places the events. A step shares its column with the one before if it is of another process and no frame leads
    /// from the one to the other. Returns where the lines end.
    /// </summary>
    private int Place(SpaceTime run, int columnWidth)
    {
        var arrivals = run.Frames.Where(frame => frame.Target is not null).ToLookup(frame => frame.Target!.Value);
        var lastX = new int[Processes.Count];
        var (column, step, phase, width, drawn) = (Left + Gap, -1, 0, 0, 0);
        for (var place = 0; place < run.Events.Length && drawn < MaxEvents; place++)
        {
            var happened = run.Events[place];
            if (!HasRow(happened.Process)) continue;
            ref var last = ref lastX[_rows[happened.Process]];
            if (happened.Step != step)
            {
                var isTaken = last >= column || arrivals[place].Any(frame => _places[frame.Source] >= column);
                if (isTaken) (column, width) = (column + width + columnWidth, 0);
                (step, phase) = (happened.Step, 0);
            }
            else if (run.Events[place - 1] is var before && before.Kind != happened.Kind)
            {
                phase++;
            }

            width = Math.Max(width, phase * PhaseWidth);
            last = _places[place] = column + (phase * PhaseWidth);
            drawn++;
        }

        return column + width + (2 * Gap);
    }

    private bool IsDrawn(DiagramFrame frame) => HasPlace(frame.Source) && HasRow(frame.TargetProcess);

    private string NoticeOf(SpaceTime run)
    {
        var notices = new List<string>();
        var hidden = run.Processes.Length - Processes.Count;
        if (hidden > 0)
            notices.Add(Invariant($"{hidden} of {run.Processes.Length} processes are left out, with their frames"));
        var later = Enumerable.Range(0, run.Events.Length)
            .Count(place => HasRow(run.Events[place].Process) && !HasPlace(place));
        if (later > 0) notices.Add(Invariant($"{later} later events are left out"));
        return string.Join("; ", notices);

        static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>
    /// Gives names of cuts that would touch different lines. Returns the lines, and how many there are.
    /// </summary>
    private (int[] Rows, int Count) PlaceNames(SpaceTime run)
    {
        var ends = new List<int>();
        var rows = new int[run.Cuts.Length];
        var byPlace = Enumerable.Range(0, rows.Length).Select(cut => (Cut: cut, X: XOfName(run.Cuts[cut])))
            .Where(each => each.X >= 0).OrderBy(each => each.X);
        foreach (var (cut, x) in byPlace)
        {
            var half = (SvgText.WidthOf(run.Cuts[cut].Name) / 2) + 5;
            var row = ends.FindIndex(end => end <= x - half);
            if (row < 0)
            {
                row = ends.Count;
                ends.Add(0);
            }

            ends[row] = x + half;
            rows[cut] = row + 1;
        }

        return (rows, ends.Count);
    }

    /// <summary>Where the name of a cut stands: above its record event on the topmost line. Below 0 for none.</summary>
    public int XOfName(DiagramCut cut) => PointsOf(cut) is [var first, ..] ? first.X : -1;

    /// <summary>The record events of a cut that are drawn, from the top.</summary>
    public List<(int Row, int X, string Text)> PointsOf(DiagramCut cut) =>
    [
        .. cut.Records.Where(HasPlace)
            .Select(record => (Row: _rows[_run.Events[record].Process], X: XOf(record), _run.Events[record].Text))
            .OrderBy(each => each.Row),
    ];
}
