namespace Snapshots.Diagrams;

/// <summary>The style of all diagrams, light and dark by the reader's preference.</summary>
public static class DiagramStyle
{
    /// <summary>How many colours of cuts there are; a snapshot more takes the first one again.</summary>
    internal const int CutColours = 6;

    /// <summary>
    /// The style sheet. A page that takes diagrams in as elements of its own has it among its style sheets; a diagram
    /// that is a file has it inside.
    /// </summary>
    public static string Css { get; } = (Shapes + Colours(
        string.Empty,
        new("#ffffff", "#1f2328", "#6e7781", "#0a58ca", "#b35900", "#c0202b", "#e9edf1"),
        ["#7b3fc4", "#12793f", "#b0287d", "#006f8a", "#8a6100", "#4c4fd6"])
        + "@media (prefers-color-scheme: dark) {\n" + Colours(
        "  ",
        new("#0d1117", "#e6edf3", "#8b949e", "#6cb0ff", "#ffab5c", "#ff7b72", "#21262d"),
        ["#c3a0ff", "#56d68a", "#ff8fd0", "#5fd0e8", "#e3b341", "#a5a8ff"]) + "}\n").ReplaceLineEndings("\n");

    private const string Shapes = """
        .snapshots-diagram { font: 12px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; }
        .snapshots-diagram .title { font-size: 14px; font-weight: bold; }
        .snapshots-diagram .end { text-anchor: end; }
        .snapshots-diagram .middle { text-anchor: middle; }
        .snapshots-diagram .process { font-size: 13px; font-weight: bold; }
        .snapshots-diagram .small { font-size: 11px; }
        .snapshots-diagram path { fill: none; }
        .snapshots-diagram .life { stroke-width: 1.5; }
        .snapshots-diagram .down { stroke-dasharray: 1 5; }
        .snapshots-diagram .cut path { stroke-width: 2.5; stroke-linejoin: round; }
        .snapshots-diagram .cut.running path { stroke-dasharray: 12 4; }
        .snapshots-diagram .cut text { font-weight: bold; }
        .snapshots-diagram .frame path { stroke-width: 1.4; }
        .snapshots-diagram .marker path { stroke-dasharray: 6 4; }
        .snapshots-diagram .repeated path { stroke-dasharray: 1 3; }
        .snapshots-diagram .in-transit path { stroke-width: 3.4; }
        .snapshots-diagram text.in-transit { font-weight: bold; }
        .snapshots-diagram .frame path.head { stroke-width: 1; stroke-dasharray: none; }
        .snapshots-diagram .frame path.cross { stroke-width: 2.4; stroke-dasharray: none; }
        .snapshots-diagram .crash { stroke-width: 3; }
        .snapshots-diagram .node rect { stroke-width: 1.5; }
        .snapshots-diagram .node.found rect { stroke-width: 3.4; }
        .snapshots-diagram .node.garbage rect { stroke-width: 2; stroke-dasharray: 5 4; }
        .snapshots-diagram .edge path { stroke-width: 1.4; }
        .snapshots-diagram .edge.found path { stroke-width: 3.4; }
        .snapshots-diagram .edge.sent path { stroke-dasharray: 6 4; }
        .snapshots-diagram .edge path.head { stroke-width: 1; stroke-dasharray: none; }

        """;

    private static string Colours(string indent, Palette palette, string[] cuts)
    {
        var rules = new StringBuilder();
        Rule(".paper", $"fill: {palette.Paper}");
        Rule("text", $"fill: {palette.Text}");
        Rule(".quiet", $"fill: {palette.Quiet}");
        Rule(".life", $"stroke: {palette.Quiet}");
        Rule(".dot", $"fill: {palette.Text}");
        Shape(".frame", palette.Message);
        Rule("text.message", $"fill: {palette.Message}");
        for (var cut = 0; cut < cuts.Length; cut++) Shape($".cut-{cut}", cuts[cut]);
        Shape(".in-transit", palette.InTransit);
        Shape(".lost", palette.Fault);
        Rule(".crash", $"stroke: {palette.Fault}");
        Rule(".fault", $"fill: {palette.Fault}");
        Rule(".node rect", $"fill: {palette.Node}; stroke: {palette.Quiet}");
        Rule(".node.found rect", $"stroke: {palette.Fault}");
        Rule(".node.garbage rect", $"fill: {palette.Paper}; stroke: {palette.InTransit}");
        Shape(".edge", palette.Quiet);
        Shape(".edge.found", palette.Fault);
        Shape(".edge.sent", palette.InTransit);
        return rules.ToString();

        void Rule(string selector, string declarations) =>
            rules.Append(indent).Append(".snapshots-diagram ").Append(selector).Append(" { ").Append(declarations)
                .Append("; }\n");

        void Shape(string selector, string colour)
        {
            Rule($"{selector} path", $"stroke: {colour}");
            Rule($"{selector} path.head", $"fill: {colour}");
            Rule($"{selector} text", $"fill: {colour}");
            Rule($"text{selector}", $"fill: {colour}");
            Rule($"{selector} .spot", $"fill: {colour}");
        }
    }

    private sealed record Palette(
        string Paper, string Text, string Quiet, string Message, string InTransit, string Fault, string Node);
}
