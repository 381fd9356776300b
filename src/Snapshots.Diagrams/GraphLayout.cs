namespace Snapshots.Diagrams;

/// <summary>Where the nodes and edges of a graph stand: the nodes on an ellipse, clockwise from the top.</summary>
internal sealed class GraphLayout
{
    /// <summary>Half the height of a node.</summary>
    public const int HalfHeight = 15;

    private const int LoopHeight = 24;
    private const int Aside = 7;
    private const double FullTurn = 6.283185307179586;

    private readonly Dictionary<string, Spot> _places = new(StringComparer.Ordinal);

    public GraphLayout(List<string> nodes, int left, int top)
    {
        var widest = nodes.Select(HalfWidthOf).DefaultIfEmpty(0).Max();
        var height = nodes.Count < 2 ? 0 : 40 + (nodes.Count * 16);
        var width = nodes.Count < 2 ? 0 : height + widest;
        var centre = new Spot(left + widest + width, top + LoopHeight + HalfHeight + height);
        var (cosine, sine) = Turn(FullTurn / Math.Max(1, nodes.Count));
        var (x, y) = (0.0, nodes.Count < 2 ? 0.0 : -1.0);
        foreach (var node in nodes)
        {
            _places.Add(node, new(Math.Floor(centre.X + (x * width) + 0.5), Math.Floor(centre.Y + (y * height) + 0.5)));
            (x, y) = ((x * cosine) - (y * sine), (x * sine) + (y * cosine));
        }

        Right = (int)centre.X + width + widest;
        Bottom = (int)centre.Y + height + HalfHeight;
    }

    public int Right { get; }

    public int Bottom { get; }

    public static int HalfWidthOf(string node) => (SvgText.WidthOf(node) * 13 / 24) + 12;

    public bool Has(DiagramEdge edge) => _places.ContainsKey(edge.Source) && _places.ContainsKey(edge.Target);

    public Spot Of(string node) => _places[node];

    /// <summary>
    /// The corners of an edge, from border to border. It lies to the right of the straight line between the nodes, so
    /// an edge and its opposite stand apart. An edge from a node to itself is a loop above it.
    /// </summary>
    public List<Spot> CornersOf(DiagramEdge edge)
    {
        var (from, to) = (_places[edge.Source], _places[edge.Target]);
        if (from == to)
        {
            var (border, top) = (from.Y - HalfHeight, from.Y - HalfHeight - LoopHeight);
            return [new(from.X - 12, border), new(from.X - 12, top), new(from.X + 12, top), new(from.X + 12, border)];
        }

        var unit = new Spot(0, 0).Towards(new(to.X - from.X, to.Y - from.Y), 1);
        var (asideX, asideY) = (-unit.Y * Aside, unit.X * Aside);
        var (start, end) = (from.Towards(to, Border(unit, edge.Source)), to.Towards(from, Border(unit, edge.Target) + 1));
        return [new(start.X + asideX, start.Y + asideY), new(end.X + asideX, end.Y + asideY)];
    }

    /// <summary>How far the border of a node is from its centre, in a direction.</summary>
    private static double Border(Spot unit, string node) => Math.Min(
        unit.X == 0 ? double.MaxValue : HalfWidthOf(node) / Math.Abs(unit.X),
        unit.Y == 0 ? double.MaxValue : HalfHeight / Math.Abs(unit.Y));

    /// <summary>Cosine and sine by their series: those of the base library may differ between machines.</summary>
    private static (double Cosine, double Sine) Turn(double angle)
    {
        var (cosine, sine, term) = (0.0, 0.0, 1.0);
        for (var power = 0; power < 40; term = term * angle / ++power)
        {
            var sign = power % 4 < 2 ? 1 : -1;
            if (power % 2 == 0) cosine += sign * term;
            else sine += sign * term;
        }

        return (cosine, sine);
    }
}
