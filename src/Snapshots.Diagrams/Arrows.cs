namespace Snapshots.Diagrams;

/// <summary>A point, in pixels.</summary>
internal readonly record struct Spot(double X, double Y)
{
    public override string ToString() => $"{Text(X)} {Text(Y)}";

    public Spot Towards(Spot other, double distance)
    {
        var length = Math.Max(1, Math.Sqrt(((other.X - X) * (other.X - X)) + ((other.Y - Y) * (other.Y - Y))));
        return new(X + ((other.X - X) / length * distance), Y + ((other.Y - Y) / length * distance));
    }

    /// <summary>Tenths of a pixel; the arithmetic is that of IEEE 754, the same on every machine.</summary>
    private static string Text(double value) => SvgText.Tenths((int)Math.Floor((value * 10) + 0.5));
}

/// <summary>The paths of arrows.</summary>
internal static class Arrows
{
    private const double HeadLength = 10;
    private const double HeadHalf = 4.5;

    /// <summary>Returns the path of a head whose point is <paramref name="to"/>.</summary>
    public static string Head(Spot from, Spot to)
    {
        var foot = to.Towards(from, HeadLength);
        var (x, y) = ((to.X - foot.X) / HeadLength * HeadHalf, (to.Y - foot.Y) / HeadLength * HeadHalf);
        return $"M{to}L{new Spot(foot.X - y, foot.Y + x)}L{new Spot(foot.X + y, foot.Y - x)}Z";
    }

    /// <summary>Returns the path of a cross.</summary>
    public static string Cross(Spot at, double half) =>
        $"M{new Spot(at.X - half, at.Y - half)}L{new Spot(at.X + half, at.Y + half)}"
        + $"M{new Spot(at.X - half, at.Y + half)}L{new Spot(at.X + half, at.Y - half)}";
}

/// <summary>Finds places for labels on lines, so that no label hides another and few lie on other lines.</summary>
internal sealed class LabelPlaces
{
    private const int Height = 14;
    private static readonly ImmutableArray<int> Candidates = [50, 40, 60, 32, 68, 24, 76, 16, 84];

    private readonly List<(Spot From, Spot To)> _lines = [];
    private readonly List<(Spot Centre, double Half)> _labels = [];

    /// <summary>Adds a line that labels should not lie on.</summary>
    public void AddLine(Spot from, Spot to) => _lines.Add((from, to));

    /// <summary>Returns the centre of a label on a line; null if each place would hide another label.</summary>
    public Spot? Place(Spot from, Spot to, int width)
    {
        var half = width / 2.0;
        Spot? best = null;
        var least = int.MaxValue;
        foreach (var percent in Candidates)
        {
            var centre = new Spot(
                from.X + ((to.X - from.X) * percent / 100), from.Y + ((to.Y - from.Y) * percent / 100));
            var isTaken = _labels.Exists(label =>
                Math.Abs(label.Centre.X - centre.X) < label.Half + half + 2
                && Math.Abs(label.Centre.Y - centre.Y) < Height + 1);
            if (isTaken) continue;
            var cost = (_lines.Count(line => Touches(line, centre, half)) * 10) + (Math.Abs(percent - 50) / 10);
            if (cost < least) (best, least) = (centre, cost);
        }

        if (best is { } found) _labels.Add((found, half));
        return best;
    }

    /// <summary>
    /// Whether a line crosses the box around a centre: clips the line at its four sides (Liang and Barsky 1984).
    /// </summary>
    private static bool Touches((Spot From, Spot To) line, Spot centre, double half)
    {
        var (enter, leave) = (0.0, 1.0);
        return Clip(line.To.X - line.From.X, line.From.X - centre.X, half, ref enter, ref leave)
            && Clip(line.To.Y - line.From.Y, line.From.Y - centre.Y, Height / 2.0, ref enter, ref leave);

        static bool Clip(double delta, double start, double half, ref double enter, ref double leave)
        {
            if (delta == 0) return Math.Abs(start) < half;
            var (first, second) = ((-half - start) / delta, (half - start) / delta);
            enter = Math.Max(enter, Math.Min(first, second));
            leave = Math.Min(leave, Math.Max(first, second));
            return enter < leave;
        }
    }
}
