namespace Snapshots.Diagrams.Tests;

public sealed class CutDiagramTests
{
    [Fact]
    public void A_global_state_is_drawn_with_the_messages_across_its_cut()
    {
        var text = CutDiagram.Draw(
            "s-1",
            [new("alice", "70"), new("bob", "0"), new("carol")],
            [
                new("alice", "bob", ["30"]),
                new("bob", "alice", []),
                new("bob", "carol", ["1", "2", "3", "4"]),
            ]);
        var svg = Svg.Read(text);

        Assert.Equal(["alice", "bob", "carol"], svg.Texts("process"));
        Assert.Equal(["70", "0"], svg.Texts("quiet"));
        Assert.Equal(
            ["bob to carol: 4: 1, 2, 3 …, in transit", "alice to bob: 30, in transit"], svg.TitlesOf("in-transit"));
        Assert.Equal("Snapshot s-1: 3 processes, 5 messages in transit", svg.TitleOf());
        Assert.Single(svg.TitlesOf("cut"));
    }

    [Fact]
    public void Of_a_large_state_the_fullest_channels_are_drawn()
    {
        var processes = Enumerable.Range(0, 1000).Select(number => new DiagramProcess($"p{number}")).ToList();
        var channels = Enumerable.Range(0, 999).Select(number => new ChannelInTransit(
            $"p{number}", $"p{number + 1}", [.. Enumerable.Repeat("m", number < 990 ? 1 : 10)]));
        var svg = Svg.Read(CutDiagram.Draw("s", processes, channels));

        Assert.Equal(12, svg.Texts("process").Count());
        Assert.Superset(
            Enumerable.Range(990, 10).Select(number => $"p{number}").ToHashSet(), svg.Texts("process").ToHashSet());
        Assert.StartsWith("Snapshot s: 12 of 1000 processes, 9", svg.TitleOf(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_state_is_a_picture_too()
    {
        Assert.Empty(Svg.Read(CutDiagram.Draw("s", [], [])).Texts("process"));
        Assert.Empty(Svg.Read(CutDiagram.Draw("s", [new("a")], [])).TitlesOf("in-transit"));
    }

    [Fact]
    public void A_picture_for_a_page_leaves_the_style_to_it()
    {
        Assert.Empty(Svg.Read(CutDiagram.Draw("s", [new("a")], [], embedded: true)).All("style"));
        var style = Assert.Single(Svg.Read(CutDiagram.Draw("s", [new("a")], [])).All("style"));
        Assert.Equal(DiagramStyle.Css.Trim(), style.Value.Trim());
        Assert.Contains("prefers-color-scheme: dark", DiagramStyle.Css, StringComparison.Ordinal);
    }
}
