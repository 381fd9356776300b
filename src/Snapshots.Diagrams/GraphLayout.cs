namespace Snapshots.Diagrams;

/// <summary>Where the nodes and edges of a graph stand: the nodes on an ellipse, clockwise from the top.</summary>
internal sealed class GraphLayout
{
    /// <summary>Half the height of a node.</summary>
    public const int HalfHeight = 18;

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

    public static int HalfWidthOf(string node) => Math.Max(30, (SvgText.WidthOf(node) * 13 / 24) + 12);

    public bool Has(DiagramEdge edge) => _places.ContainsKey(edge.Source) && _places.ContainsKey(edge.Target);

    public Spot Of(string node) => _places[node];

    /// <summary>
    /// The corners of an edge, from the middle of a node to the border of the other. It lies to the right of the
    /// straight line between the nodes, so an edge and its opposite stand apart. An edge from a node to itself is a
    /// loop above it.
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
        var aside = new Spot(-unit.Y * Aside, unit.X * Aside);
        var back = Math.Min(
            Distance(HalfWidthOf(edge.Target) + 1, aside.X, -unit.X), Distance(HalfHeight + 1, aside.Y, -unit.Y));
        var end = to.Towards(from, back);
        return [new(from.X + aside.X, from.Y + aside.Y), new(end.X + aside.X, end.Y + aside.Y)];
    }

    /// <summary>How far it is from a place inside to the border, along one axis.</summary>
    private static double Distance(double half, double start, double direction) =>
        direction == 0 ? double.MaxValue : ((direction > 0 ? half : -half) - start) / direction;

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
