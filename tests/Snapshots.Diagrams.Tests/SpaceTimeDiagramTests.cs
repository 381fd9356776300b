using System.Globalization;
using Snapshots.Scripts;

namespace Snapshots.Diagrams.Tests;

public sealed class SpaceTimeDiagramTests
{
    private const string Hostile = """<a href="x">&'</a>""";

    public static TheoryData<string> Files => Scenarios.All;

    public static TheoryData<string> TokenFiles => Scenarios.OfTokens;

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Every_scenario_is_drawn_with_its_processes_and_cuts(string file)
    {
        var run = await Scenarios.RunAsync(file);
        var text = SpaceTimeDiagram.Draw(run);
        var svg = Svg.Read(text);

        Assert.Equal(text, SpaceTimeDiagram.Draw(await Scenarios.RunAsync(file)));
        Assert.DoesNotContain('\r', text);
        Assert.Equal("img", (string?)svg.Attribute("role"));
        Assert.Equal(file, svg.TitleOf());
        var labelled = ((string)svg.Attribute("aria-labelledby")!).Split(' ');
        Assert.Equal(labelled, svg.Elements().Take(2).Select(each => (string)each.Attribute("id")!));
        Assert.Equal(run.Cuts.Length, svg.TitlesOf("cut").Count);
        Assert.Superset(
            run.Processes.Select(process => process.Id).ToHashSet(),
            svg.All("text").Select(element => element.Value).ToHashSet());
        if (run.Processes.Length > 12) return;
        Assert.Equal(run.Processes.Select(process => process.Id), svg.Texts("process"));
        Assert.Equal(run.Frames.Length, svg.TitlesOf("frame").Count);
        Assert.Equal(run.Frames.Count(frame => frame.IsMarker), svg.TitlesOf("marker").Count);
    }

    [Theory]
    [MemberData(nameof(TokenFiles))]
    public async Task The_messages_in_transit_that_a_script_expects_are_marked_and_no_others(string file)
    {
        var script = await Scenarios.ReadAsync(file);
        var (run, _) = await Scenarios.RunAsync(script, TokenScripts.Instance, file);
        var svg = Svg.Read(SpaceTimeDiagram.Draw(run));

        foreach (var step in script.Steps.OfType<ExpectChannelStep>())
        {
            var (channel, cut) = (step.Channel, run.Cuts.Single(each => each.Name == step.Snapshot.Value));
            var marked = cut.InTransit.Select(frame => run.Frames[frame]).Where(frame =>
                run.Processes[run.Events[frame.Source].Process].Id == channel.Source.Value
                && run.Processes[frame.TargetProcess].Id == channel.Target.Value);
            Assert.Equal(
                step.Amounts.Select(amount => amount.ToString(CultureInfo.InvariantCulture)),
                marked.Select(frame => frame.Text));
        }

        var inTransit = run.Cuts.SelectMany(cut => cut.InTransit).Distinct().ToList();
        Assert.Equal(inTransit.Count, svg.TitlesOf("in-transit").Count);
        Assert.All(
            svg.TitlesOf("in-transit"), title => Assert.Contains(", in transit", title, StringComparison.Ordinal));
        Assert.DoesNotContain(svg.TitlesOf("marker"), svg.TitlesOf("in-transit").Contains);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_message_that_no_cut_holds_does_not_cross_one_from_before_to_after(string file)
    {
        var run = await Scenarios.RunAsync(file);
        foreach (var cut in run.Cuts.Where(cut => !cut.IsRunning))
        {
            var records = cut.Records.ToDictionary(record => run.Events[record].Process);
            var crossing = Enumerable.Range(0, run.Frames.Length).Where(place =>
                run.Frames[place] is { IsMarker: false } frame
                && records.TryGetValue(run.Events[frame.Source].Process, out var atSource) && frame.Source < atSource
                && records.TryGetValue(frame.TargetProcess, out var atTarget) && !(frame.Target < atTarget));
            Assert.Equal(crossing, cut.InTransit.Order());
        }
    }

    [Fact]
    public void What_is_lost_repeated_and_crashes_is_told_apart_without_colour()
    {
        var builder = new SpaceTimeBuilder("faults");
        builder.Process("P");
        var sent = builder.Add("P", DiagramEventKind.Send, "sends");
        builder.NextStep();
        var arrived = builder.Add("Q", DiagramEventKind.Delivery, "takes");
        builder.NextStep();
        var again = builder.Add("Q", DiagramEventKind.Delivery, "takes again");
        builder.NextStep();
        builder.Add("Q", DiagramEventKind.Crash, "crashes");
        builder.NextStep();
        builder.Add("Q", DiagramEventKind.Restart, "restarts");
        builder.Add(new DiagramFrame(sent, 1, arrived, "5"));
        builder.Add(new DiagramFrame(sent, 1, again, "5") { IsRepeated = true });
        builder.Add(new DiagramFrame(sent, 1, null, "6") { IsLost = true });
        builder.Add(new DiagramFrame(sent, 1, null, "7"));
        var svg = Svg.Read(SpaceTimeDiagram.Draw(builder.Build([])));

        Assert.Equal(["P to Q: 5, repeated"], svg.TitlesOf("repeated"));
        Assert.Equal(["P to Q: 6, lost"], svg.TitlesOf("lost"));
        Assert.Contains("P to Q: 7, not delivered", svg.TitlesOf("frame"));
        Assert.Single(svg.All("path"), path => path.Has("cross"));
        Assert.Single(svg.All("path"), path => path.Has("crash"));
        Assert.Single(svg.All("path"), path => path.Has("down"));
        Assert.Equal(["crash"], svg.Texts("fault"));
    }

    [Fact]
    public void Of_many_processes_those_to_look_at_are_drawn_and_the_others_counted()
    {
        var builder = new SpaceTimeBuilder("many");
        foreach (var number in Enumerable.Range(0, 30)) builder.Process($"p{number}");
        var sent = builder.Add("p7", DiagramEventKind.Send, "sends");
        var frame = builder.Add(new DiagramFrame(sent, 28, null, "5"));
        var hidden = builder.Add("p11", DiagramEventKind.Send, "sends");
        builder.NextStep();
        builder.Add(new DiagramFrame(hidden, 12, null, "6"));
        var record = builder.Add("p29", DiagramEventKind.Record, "records");
        var waiting = Enumerable.Range(13, 9).ToImmutableArray();
        var cut = new DiagramCut("s1", [record], [frame]) { IsRunning = true, WaitingFor = waiting };
        var svg = Svg.Read(SpaceTimeDiagram.Draw(builder.Build([cut])));

        Assert.Equal(
            ["p7", .. waiting.Select(number => $"p{number}"), "p28", "p29"], svg.Texts("process"));
        Assert.Equal(["p7 to p28: 5, in transit, not delivered"], svg.TitlesOf("in-transit"));
        Assert.DoesNotContain(svg.TitlesOf("frame"), title => title.StartsWith("p11 ", StringComparison.Ordinal));
        Assert.Contains("18 of 30 processes are left out, with their frames", svg.Texts("quiet"));
    }

    [Fact]
    public void More_events_than_a_picture_holds_are_counted()
    {
        var builder = new SpaceTimeBuilder("long");
        for (var count = 0; count < SpaceTimeLayout.MaxEvents + 5; count++)
        {
            builder.NextStep();
            builder.Add("P", DiagramEventKind.Local, "acts");
        }

        var svg = Svg.Read(SpaceTimeDiagram.Draw(builder.Build([])));
        Assert.Equal(SpaceTimeLayout.MaxEvents, svg.All("circle").Count());
        Assert.Contains("5 later events are left out", svg.Texts("quiet"));
    }

    [Fact]
    public void Names_and_messages_are_text_and_never_markup()
    {
        var builder = new SpaceTimeBuilder(Hostile);
        var sent = builder.Add(Hostile, DiagramEventKind.Send, Hostile);
        builder.Process("Q\u0000\uD800");
        builder.Add(new DiagramFrame(sent, 1, null, Hostile));
        var text = SpaceTimeDiagram.Draw(builder.Build([new(Hostile, [sent], [])]));
        var svg = Svg.Read(text);

        Assert.Equal(Hostile, svg.TitleOf());
        Assert.Equal([Hostile, "Q\uFFFD\uFFFD"], svg.Texts("process"));
        Assert.DoesNotContain("<a", text, StringComparison.Ordinal);
        Assert.Empty(svg.All("a"));
    }
}
