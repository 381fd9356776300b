using System.Globalization;

namespace Snapshots.Diagrams.Tests;

/// <summary>The cut of a running service, with what its flight recorders have kept.</summary>
public sealed class FlightDiagramTests
{
    private const long Number = 7;

    [Fact]
    public void Messages_before_the_cut_and_across_it_have_their_arrows()
    {
        var svg = Draw(
            [Channel("a", "b", sent: 3, delivered: 2, "rent 3")],
            Flight("a", Sent("b", 2, 10), Sent("b", 3, 20), Cut(30)),
            Flight("b", Delivered("a", 2, 15), Cut(25), Delivered("a", 3, 40)));
        Assert.Equal(["a to b: #2", "a to b: rent 3, in transit"], svg.TitlesOf("frame"));
        Assert.Equal(["a to b: rent 3, in transit"], svg.TitlesOf("in-transit"));
        var (sent, received) = (XOf(svg, "sends message 3 to b"), XOf(svg, "delivers message 3 of a"));
        Assert.True(sent < received);
        Assert.Contains("00:00:00.040 delivers message 3 of a", Events(svg));
        Assert.Equal("Snapshot s-1: 2 processes, 1 messages in transit", svg.TitleOf());
    }

    [Fact]
    public void A_message_in_transit_that_no_recorder_has_seen_arrive_arrives_at_the_end()
    {
        var svg = Draw(
            [Channel("a", "b", 2, 0, "one", "two")],
            Flight("a", Sent("b", 1, 1), Sent("b", 2, 2), Cut(3)),
            Flight("b", Cut(3)));
        Assert.Equal(["a to b: one, in transit", "a to b: two, in transit"], svg.TitlesOf("in-transit"));
        Assert.Contains("delivered after the cut", Events(svg));
    }

    [Fact]
    public void Messages_in_transit_that_were_sent_before_the_recorder_begins_have_one_arrow()
    {
        var svg = Draw([Channel("a", "b", 4, 1, "two", "three", "four")], Flight("a", Sent("b", 4, 4), Cut(5)));
        Assert.Equal(["a to b: 2: two, three, in transit", "a to b: four, in transit"], svg.TitlesOf("in-transit"));
    }

    [Fact]
    public void Messages_decide_the_order_and_clocks_only_where_no_message_does()
    {
        // The clock of b is a minute behind.
        var svg = Draw(
            [Channel("a", "b", 1, 1), Channel("b", "c", 1, 1)],
            Flight("c", Delivered("b", 1, 62_000), Cut(62_001)),
            Flight("b", Delivered("a", 1, 1000), Sent("c", 1, 1001), Cut(1002)),
            Flight("a", Sent("b", 1, 61_000), Cut(61_001)));
        Assert.Equal(["a to b: #1", "b to c: #1"], svg.TitlesOf("frame").Order());
        Assert.True(XOf(svg, "sends message 1 to b") < XOf(svg, "delivers message 1 of a"));
        Assert.True(XOf(svg, "sends message 1 to c") < XOf(svg, "delivers message 1 of b"));
    }

    [Fact]
    public void The_counts_say_what_is_before_a_cut_that_a_crash_has_made_a_recorder_forget()
    {
        var svg = Draw(
            [Channel("a", "b", 1, 0, "m")],
            Flight("a", Sent("b", 2, 50)),
            Flight("b", Delivered("a", 1, 40), Delivered("a", 2, 60)));
        Assert.Single(svg.TitlesOf("cut"));
        Assert.Equal(["a to b: m, in transit", "a to b: #2"], svg.TitlesOf("frame"));
    }

    [Fact]
    public void What_leads_to_a_process_without_a_line_is_left_out_and_a_busy_line_is_cut_short()
    {
        var many = Enumerable.Range(1, 100).Select(number => Sent("b", number, number)).ToArray();
        var svg = Draw(
            [Channel("a", "b", 90, 90), Channel("a", "elsewhere", 5, 5)],
            Flight("a", [.. many, Sent("elsewhere", 5, 101), Cut(102)]));
        Assert.Equal(
            [.. Enumerable.Range(85, 9).Select(number => $"sends message {number} to b")],
            Events(svg).Where(text => text.Contains("sends", StringComparison.Ordinal)).Select(text => text[13..]));
    }

    [Fact]
    public void Events_that_no_run_has_make_a_picture_and_no_loop()
    {
        // Each delivery waits for a sending that is behind the other one.
        var svg = Draw(
            [Channel("a", "b", 1, 1), Channel("b", "a", 1, 1)],
            Flight("a", Delivered("b", 1, 1), Sent("b", 1, long.MaxValue)),
            Flight("b", Delivered("a", 1, long.MinValue), Sent("a", 1, 2)));
        Assert.Equal(4, Events(svg).Count);
    }

    [Fact]
    public void Equal_recordings_give_equal_bytes()
    {
        Assert.Equal(Text(), Text());

        static string Text() => FlightDiagram.Draw(
            "s-1",
            Number,
            [new("a", "70"), new("b")],
            [Channel("a", "b", 1, 0, "m")],
            [Flight("a", Sent("b", 1, 1), Cut(2)), Flight("b", Cut(2))]);
    }

    private static System.Xml.Linq.XElement Draw(ChannelAtCut[] channels, params DiagramFlight[] flights)
    {
        string[] names = ["a", "b", "c"];
        var used = names.Where(name =>
            flights.Any(flight => flight.Process == name)
            || channels.Any(channel => channel.InTransit.Source == name || channel.InTransit.Target == name));
        return Svg.Read(FlightDiagram.Draw(
            "s-1", Number, [.. used.Select(name => new DiagramProcess(name))], channels, flights));
    }

    private static List<string> Events(System.Xml.Linq.XElement svg) =>
        [.. svg.All("circle").Where(circle => circle.Has("dot")).Select(Svg.TitleOf)];

    private static int XOf(System.Xml.Linq.XElement svg, string text) => int.Parse(
        svg.All("circle").Single(circle => circle.TitleOf().EndsWith(text, StringComparison.Ordinal)).Attribute("cx")!.Value,
        CultureInfo.InvariantCulture);

    private static ChannelAtCut Channel(string source, string target, long sent, long delivered, params string[] messages) =>
        new(new(source, target, [.. messages]), sent, delivered);

    private static DiagramFlight Flight(string process, params DiagramFlightEvent[] events) => new(process, [.. events]);

    private static DiagramFlightEvent Sent(string to, long number, long at) => new(DiagramEventKind.Send, to, number, at);

    private static DiagramFlightEvent Delivered(string from, long number, long at) =>
        new(DiagramEventKind.Delivery, from, number, at);

    private static DiagramFlightEvent Cut(long at) => new(DiagramEventKind.Record, string.Empty, Number, at);
}
