namespace Snapshots.Diagrams;

/// <summary>One edge: a wait for somebody, or a reference to something.</summary>
/// <param name="Source">Where it begins.</param>
/// <param name="Target">Where it leads.</param>
/// <param name="Text">What it is about, in a word; empty for nothing.</param>
public sealed record DiagramEdge(string Source, string Target, string Text = "");

/// <summary>Draws graphs of processes: who waits for whom, and what refers to what.</summary>
public static class GraphDiagram
{
    private const int MaxNodes = 24;
    private const int Margin = 16;
    private const int Top = 48;
    private const int MaxLabel = 24;

    /// <summary>Draws a wait-for graph with its deadlock.</summary>
    /// <param name="title">The title.</param>
    /// <param name="waits">Who waits for whom, and for what.</param>
    /// <param name="witness">The processes of the cycle or knot; empty without a deadlock.</param>
    /// <param name="embedded">As for <see cref="SpaceTimeDiagram.Draw"/>.</param>
    public static string DrawWaits(
        string title, IEnumerable<DiagramEdge> waits, IReadOnlyCollection<string> witness, bool embedded = false)
    {
        var found = witness.ToHashSet(StringComparer.Ordinal);
        var edges = waits.Select(edge => new Edge(
            edge, found.Contains(edge.Source) && found.Contains(edge.Target) ? "found" : string.Empty)).ToList();
        var description = found.Count == 0 ? "No deadlock." : $"Deadlock: {string.Join(", ", witness)}.";
        return Draw(
            title, $"A wait-for graph. {description}", [.. witness, .. NodesOf(edges)], edges, Style, embedded);

        string Style(string node) => found.Contains(node) ? "found" : string.Empty;
    }

    /// <summary>Draws a reference graph with its garbage.</summary>
    /// <param name="title">The title.</param>
    /// <param name="roots">The objects that act by themselves.</param>
    /// <param name="references">What objects hold.</param>
    /// <param name="inTransit">References inside messages in transit, from the receiver of the message.</param>
    /// <param name="garbage">The objects that are not reached.</param>
    /// <param name="embedded">As for <see cref="SpaceTimeDiagram.Draw"/>.</param>
    public static string DrawReferences(
        string title,
        IReadOnlyCollection<string> roots,
        IEnumerable<DiagramEdge> references,
        IEnumerable<DiagramEdge> inTransit,
        IReadOnlyCollection<string> garbage,
        bool embedded = false)
    {
        ArgumentNullException.ThrowIfNull(garbage);
        var (isRoot, isGarbage) = (roots.ToHashSet(StringComparer.Ordinal), garbage.ToHashSet(StringComparer.Ordinal));
        var edges = references.Select(edge => new Edge(edge, string.Empty))
            .Concat(inTransit.Select(edge => new Edge(edge with { Text = "in transit" }, "sent"))).ToList();
        var description = garbage.Count == 0 ? "No garbage." : $"Garbage: {string.Join(", ", garbage)}.";
        string[] nodes = [.. roots, .. garbage, .. NodesOf(edges)];
        return Draw(title, $"A reference graph. {description}", nodes, edges, Style, embedded);

        string Style(string node)
        {
            if (isRoot.Contains(node)) return "root";
            return isGarbage.Contains(node) ? "garbage" : string.Empty;
        }
    }

    private static IEnumerable<string> NodesOf(List<Edge> edges) =>
        edges.SelectMany(edge => new[] { edge.Line.Source, edge.Line.Target });

    private static string Draw(
        string title, string description, string[] named, List<Edge> edges, Func<string, string> style, bool embedded)
    {
        var all = named.Distinct(StringComparer.Ordinal).ToList();
        var nodes = all.Take(MaxNodes).ToList();
        var layout = new GraphLayout(nodes, Margin, Top);
        var drawn = edges.FindAll(edge => layout.Has(edge.Line));
        var svg = new SvgText().AddText("title", Margin, 24, SvgText.Line(title));
        var left = all.Count - nodes.Count;
        var notice = string.Create(CultureInfo.InvariantCulture, $"{left} of {all.Count} processes are left out");
        if (left > 0) svg.AddText("small quiet", Margin, 42, notice);
        var labels = new LabelPlaces();
        foreach (var edge in drawn) PaintEdge(svg, labels, edge, layout);
        foreach (var node in nodes) PaintNode(svg, node, style(node), layout.Of(node));
        foreach (var edge in drawn) PaintLabel(svg, labels, edge, layout);
        var right = Math.Max(layout.Right, Margin + (SvgText.WidthOf(title) * 14 / 12)) + Margin;
        return svg.ToDocument(right, layout.Bottom + 36, SvgText.Line(title), description, embedded);
    }

    private static void PaintEdge(SvgText svg, LabelPlaces labels, Edge edge, GraphLayout layout)
    {
        var corners = layout.CornersOf(edge.Line);
        var title = SvgText.Escape($"{edge.Line.Source} to {edge.Line.Target} {edge.Line.Text}");
        svg.Add($"<g class=\"edge {edge.Style}\"><title>{title}</title>");
        svg.Add($"<path d=\"M{string.Join('L', corners[..^1])}L{corners[^1].Towards(corners[^2], 6)}\"/>");
        svg.Add($"<path class=\"head\" d=\"{Arrows.Head(corners[^2], corners[^1])}\"/></g>");
        for (var corner = 1; corner < corners.Count; corner++) labels.AddLine(corners[corner - 1], corners[corner]);
    }

    private static void PaintNode(SvgText svg, string node, string kind, Spot at)
    {
        var (x, y, half) = ((int)at.X, (int)at.Y, GraphLayout.HalfWidthOf(node));
        var (width, height) = (2 * half, 2 * GraphLayout.HalfHeight);
        svg.Add($"<g class=\"node {kind}\">");
        svg.Add($"<rect x=\"{x - half}\" y=\"{y - (height / 2)}\" width=\"{width}\" height=\"{height}\" rx=\"6\"/>");
        var isNamed = kind is "root" or "garbage";
        svg.AddText("process middle", x, isNamed ? y - 2 : y + 4, node);
        if (isNamed) svg.AddText("small middle", x, y + 12, kind);
        svg.Add($"</g>");
    }

    private static void PaintLabel(SvgText svg, LabelPlaces labels, Edge edge, GraphLayout layout)
    {
        if (edge.Line.Text.Length == 0) return;
        var corners = layout.CornersOf(edge.Line);
        var label = SvgText.Clip(edge.Line.Text, MaxLabel);
        var (from, to) = corners.Count == 2 ? (corners[0], corners[1]) : (corners[1], corners[2]);
        if (labels.Place(from, to, SvgText.WidthOf(label)) is not { } centre) return;
        svg.AddLabel($"small edge {edge.Style}", (int)centre.X, (int)centre.Y + 4, label);
    }

    private sealed record Edge(DiagramEdge Line, string Style);
}
