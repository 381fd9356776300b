namespace Snapshots.Diagrams;

/// <summary>
/// Draws a space-time diagram (Lamport 1978) as SVG: a line per process, an arrow per frame, and the cut of each
/// snapshot as a line through the events at which it was recorded.
/// </summary>
public static class SpaceTimeDiagram
{
    private const int ColumnWidth = 46;
    private const int MaxColumnWidth = 110;
    private const int MaxLabel = 24;

    /// <summary>Returns the picture. Equal runs give equal bytes on every machine.</summary>
    /// <param name="run">What to draw.</param>
    /// <param name="embedded">
    /// Whether it becomes part of a page that has <see cref="DiagramStyle.Css"/> among its style sheets.
    /// </param>
    public static string Draw(SpaceTime run, bool embedded = false)
    {
        ArgumentNullException.ThrowIfNull(run);
        var widest = run.Frames.Where(frame => !frame.IsMarker).Select(frame => SvgText.WidthOf(Label(frame)) + 18);
        var width = Math.Clamp(widest.DefaultIfEmpty(0).Max(), ColumnWidth, MaxColumnWidth);
        return Paint(run, width, SpaceTimeText.Describe(run), embedded);
    }

    internal static string Paint(SpaceTime run, int columnWidth, string description, bool embedded) =>
        new SpaceTimePainter(run, new(run, columnWidth)).Paint(description, embedded);

    internal static string Label(DiagramFrame frame) => SvgText.Clip(frame.Text, MaxLabel);
}

/// <summary>Paints one space-time diagram.</summary>
internal sealed class SpaceTimePainter(SpaceTime run, SpaceTimeLayout layout)
{
    private const int Margin = 16;
    private const int LegendHeight = 40;
    private const int MaxHidden = 100;

    private readonly SvgText _svg = new();
    private readonly LabelPlaces _places = new();
    private readonly HashSet<int> _inTransit = [.. run.Cuts.SelectMany(cut => cut.InTransit)];

    private bool NamesMarkers => run.Cuts.Length > 1;

    public string Paint(string description, bool embedded)
    {
        var texts = Math.Max(SvgText.WidthOf(run.Title) * 14 / 12, SvgText.WidthOf(layout.Notice)) + Margin;
        var width = Math.Max(Math.Max(layout.Right, PaintLegend()), texts) + Margin;
        _svg.AddText("title", Margin, 24, SvgText.Line(run.Title));
        if (layout.Notice.Length > 0) _svg.AddText("small quiet", Margin, 42, layout.Notice);
        foreach (var process in layout.Processes) PaintProcess(process);
        for (var cut = 0; cut < run.Cuts.Length; cut++) PaintCut(cut);
        foreach (var frame in layout.Frames) PaintFrame(run.Frames[frame], _inTransit.Contains(frame));
        PaintEvents();
        foreach (var frame in layout.Frames) PaintLabel(run.Frames[frame], _inTransit.Contains(frame));
        var height = layout.Bottom + LegendHeight + PaintHidden(layout.Bottom + LegendHeight, width);
        return _svg.ToDocument(width, height, SvgText.Line(run.Title), description, embedded);
    }

    /// <summary>Names the processes that have no line. Returns the height that this takes.</summary>
    private int PaintHidden(int top, int width)
    {
        var hidden = Enumerable.Range(0, run.Processes.Length).Where(process => !layout.HasRow(process));
        var (x, y, start) = (Margin, top, top);
        foreach (var id in hidden.Take(MaxHidden).Select(process => run.Processes[process].Id))
        {
            var end = x + SvgText.WidthOf(id) + 8;
            if (y == start || end > width - Margin) (x, y, end) = (Margin, y + 16, Margin + end - x);
            _svg.AddText("small quiet", x, y, id);
            x = end;
        }

        return y == start ? 0 : y - start + Margin;
    }

    private static string ColourOf(int cut) => FormattableString.Invariant($"cut-{cut % DiagramStyle.CutColours}");

    private void PaintProcess(int process)
    {
        var (y, (id, note)) = (layout.YOfProcess(process), run.Processes[process]);
        _svg.AddText("process end", layout.Left - 10, y + 4, id);
        if (note.Length > 0) _svg.AddText("small quiet end", layout.Left - 10, y + 19, note);
        var (x, isDown) = (layout.Left, false);
        for (var place = 0; place < run.Events.Length; place++)
        {
            if (run.Events[place].Process != process || !layout.HasPlace(place)) continue;
            switch (run.Events[place].Kind)
            {
                case DiagramEventKind.Start:
                    x = layout.XOf(place);
                    _svg.Add($"<path class=\"life\" d=\"M{x} {y - 6}V{y + 6}\"/>");
                    break;
                case DiagramEventKind.Crash when !isDown:
                    PaintLife(layout.XOf(place));
                    isDown = true;
                    break;
                case not DiagramEventKind.Crash when isDown:
                    PaintLife(layout.XOf(place));
                    isDown = false;
                    break;
                default:
                    break;
            }
        }

        PaintLife(layout.Right);

        void PaintLife(int end)
        {
            _svg.Add($"<path class=\"life{(isDown ? " down" : "")}\" d=\"M{x} {y}H{end}\"/>");
            _places.AddLine(new(x, y), new(end, y));
            x = end;
        }
    }

    private void PaintCut(int number)
    {
        var cut = run.Cuts[number];
        var points = layout.PointsOf(cut);
        if (points.Count == 0) return;
        var nameY = layout.Top - ((layout.CutRows[number] - 1) * 18) - 4;
        List<Spot> corners =
        [
            new(points[0].X, nameY + 4),
            .. points.Select(point => new Spot(point.X, layout.YOf(point.Row))),
            new(points[^1].X, layout.Bottom),
        ];
        _svg.Add($"<g class=\"cut {ColourOf(number)}{(cut.IsRunning ? " running" : "")}\">");
        _svg.Add($"<title>{SvgText.Escape(SpaceTimeText.Describe(run, cut))}</title>");
        _svg.Add($"<path d=\"M{string.Join('L', corners)}\"/>");
        foreach (var (row, x, text) in points)
        {
            _svg.Add($"<rect class=\"spot\" x=\"{x - 5}\" y=\"{layout.YOf(row) - 5}\" width=\"10\" height=\"10\">");
            _svg.Add($"<title>{SvgText.Escape(text)}</title></rect>");
        }

        _svg.AddText("middle", points[0].X, nameY, cut.Name).Add($"</g>");
        for (var corner = 1; corner < corners.Count; corner++) _places.AddLine(corners[corner - 1], corners[corner]);
    }

    private void PaintFrame(DiagramFrame frame, bool isInTransit)
    {
        var (from, to) = EndsOf(frame);
        var style = StyleOf(frame, isInTransit);
        var title = SvgText.Escape(SpaceTimeText.Describe(run, frame, isInTransit));
        _svg.Add($"<g class=\"frame {style}\"><title>{title}</title>");
        if (frame.Target is not { } target || !layout.HasPlace(target))
        {
            _svg.Add($"<path d=\"M{from}L{to}\"/>");
            if (frame.IsLost) _svg.Add($"<path class=\"cross\" d=\"{Arrows.Cross(to, 5)}\"/>");
            else _svg.Add($"<path class=\"head\" d=\"{Arrows.Head(from, to)}\"/>");
        }
        else if (from.Y == to.Y)
        {
            var top = new Spot((from.X + to.X) / 2, from.Y - 28);
            _svg.Add($"<path d=\"M{from}L{top}L{to}\"/><path class=\"head\" d=\"{Arrows.Head(top, to)}\"/>");
        }
        else
        {
            var tip = to.Towards(from, 4);
            _svg.Add($"<path d=\"M{from}L{tip.Towards(from, 6)}\"/>");
            _svg.Add($"<path class=\"head\" d=\"{Arrows.Head(from, tip)}\"/>");
        }

        _svg.Add($"</g>");
        _places.AddLine(from, to);
    }

    /// <summary>A frame that never arrives ends half-way: at the end of the picture, or where it is lost.</summary>
    private (Spot From, Spot To) EndsOf(DiagramFrame frame)
    {
        var source = run.Events[frame.Source];
        var from = new Spot(layout.XOf(frame.Source), layout.YOfProcess(source.Process));
        var y = layout.YOfProcess(frame.TargetProcess);
        if (frame.Target is { } target && layout.HasPlace(target)) return (from, new(layout.XOf(target), y));
        var side = y.CompareTo((int)from.Y);
        return frame.IsLost
            ? (from, new(from.X + 22, from.Y + (26 * side)))
            : (from, new(layout.Right, from.Y + (28 * side)));
    }

    private static string StyleOf(DiagramFrame frame, bool isInTransit) => string.Join(' ', new[]
    {
        frame.IsMarker ? "marker" : "message",
        frame is { IsMarker: true, Cut: { } cut } ? ColourOf(cut) : string.Empty,
        frame.IsRepeated ? "repeated" : string.Empty,
        frame.IsLost ? "lost" : string.Empty,
        isInTransit ? "in-transit" : string.Empty,
    }.Where(each => each.Length > 0));

    private void PaintEvents()
    {
        for (var place = 0; place < run.Events.Length; place++)
        {
            if (!layout.HasPlace(place)) continue;
            var (process, kind, _, text) = run.Events[place];
            var (x, y, title) = (layout.XOf(place), layout.YOfProcess(process), SvgText.Escape(text));
            if (kind is DiagramEventKind.Crash)
            {
                var cross = Arrows.Cross(new(x, y), 7);
                _svg.Add($"<path class=\"crash\" d=\"{cross}\"><title>{title}</title></path>");
                _svg.AddText("fault small middle", x, y - 12, "crash");
            }
            else if (kind is not (DiagramEventKind.Record or DiagramEventKind.Start))
            {
                _svg.Add($"<circle class=\"dot\" cx=\"{x}\" cy=\"{y}\" r=\"3\"><title>{title}</title></circle>");
            }
        }
    }

    private void PaintLabel(DiagramFrame frame, bool isInTransit)
    {
        if (frame.IsRepeated || frame.IsLost || (frame.IsMarker && !NamesMarkers)) return;
        var (from, to) = EndsOf(frame);
        var label = SpaceTimeDiagram.Label(frame);
        if (label.Length == 0 || _places.Place(from, to, SvgText.WidthOf(label)) is not { } centre) return;
        var style = $"{StyleOf(frame, isInTransit)}{(frame.IsMarker ? " small" : "")}";
        _svg.AddLabel(style, (int)centre.X, (int)centre.Y + 4, label);
    }

    /// <summary>Explains the lines that are there. Returns where the legend ends.</summary>
    private int PaintLegend()
    {
        var frames = layout.Frames.ConvertAll(frame => run.Frames[frame]);
        var (x, y) = (layout.Left, layout.Bottom + 20);
        if (layout.Frames.Exists(frame => !run.Frames[frame].IsMarker && !_inTransit.Contains(frame)))
            Explain("message", "message");
        if (layout.Frames.Exists(_inTransit.Contains)) Explain("message in-transit", "in transit in a snapshot");
        var marker = run.Cuts.Length == 1 ? $"marker {ColourOf(0)}" : "marker";
        if (frames.Exists(frame => frame.IsMarker)) Explain(marker, "marker");
        if (frames.Exists(frame => frame.IsRepeated)) Explain("message repeated", "repeated");
        if (frames.Exists(frame => frame.IsLost)) Explain("message lost", "lost");
        return x;

        void Explain(string style, string text)
        {
            _svg.Add($"<g class=\"frame sample {style}\"><path d=\"M{x} {y}H{x + 28}\"/></g>");
            _svg.AddText("small", x + 34, y + 4, text);
            x += 34 + SvgText.WidthOf(text) + 16;
        }
    }
}
