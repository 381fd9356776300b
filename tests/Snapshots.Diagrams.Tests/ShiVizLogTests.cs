using System.Text.Json;
using System.Text.RegularExpressions;

namespace Snapshots.Diagrams.Tests;

public sealed class ShiVizLogTests
{
    public static TheoryData<string> Files => Scenarios.All;

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_log_is_parsed_by_its_first_line_into_the_clocks_of_the_run(string file)
    {
        var run = await Scenarios.RunAsync(file);
        var log = ShiVizLog.Write(run);
        var lines = log.Split('\n');
        Assert.Equal(@"(?<host>\S*) (?<clock>{.*})\n(?<event>.*)", lines[0]);
        Assert.Equal(string.Empty, lines[1]);
        Assert.Equal(2 + (2 * run.Events.Length) + 1, lines.Length);

        var own = new Dictionary<string, int>();
        var clocks = new List<Dictionary<string, int>>();
        foreach (Match match in Regex.Matches(string.Join('\n', lines[2..]), lines[0]))
        {
            var host = match.Groups["host"].Value;
            var clock = JsonSerializer.Deserialize<Dictionary<string, int>>(match.Groups["clock"].Value)!;
            Assert.Equal(own[host] = own.GetValueOrDefault(host) + 1, clock[host]);
            Assert.Equal(run.Events[clocks.Count].Text, match.Groups["event"].Value);
            clocks.Add(clock);
        }

        Assert.Equal(run.Events.Length, clocks.Count);
        Assert.All(run.Frames.Where(frame => frame.Target is not null), frame => Assert.All(
            clocks[frame.Source], sent => Assert.True(clocks[frame.Target!.Value][sent.Key] >= sent.Value)));
        Assert.Contains(clocks, clock => clock.Count > 1);
    }

    [Fact]
    public void A_host_is_one_word_and_an_event_one_line()
    {
        var builder = new SpaceTimeBuilder("hostile");
        builder.Add("a \"b\n<", DiagramEventKind.Local, "one\ntwo");
        var lines = ShiVizLog.Write(builder.Build([])).Split('\n');

        Assert.Equal(["one two", ""], lines[3..]);
        var host = lines[2].Split(' ')[0];
        Assert.Equal("a_\"b_<", host);
        Assert.Equal(1, JsonDocument.Parse(lines[2][(host.Length + 1)..]).RootElement.GetProperty(host).GetInt32());
    }
}
