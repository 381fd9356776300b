using System.CommandLine;
using Spectre.Console;

namespace Snapshots.Client.Tests;

/// <summary>What a person sees in a terminal of some width.</summary>
public sealed class ConsoleTests
{
    [Fact]
    public async Task The_bare_program_shows_its_help()
    {
        var result = await InProcess.RunAsync(string.Empty);
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("Usage:\n  snapshots <command> [options]", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("acount list", "account")]
    [InlineData("snapshot tkae", "take")]
    [InlineData("account list --timout 5", "--timeout")]
    public async Task A_mistyped_word_is_answered_with_what_was_meant(string commandLine, string meant)
    {
        var result = await InProcess.RunAsync(commandLine);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains($"did you mean '{meant}'?", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("account deposit a 0", "0 is below the minimum of 1")]
    [InlineData("load --accounts 1", "1 is below the minimum of 2")]
    [InlineData("snapshot list --limit 100001", "100001 is above the maximum of 100000")]
    [InlineData("account list --timeout 0", "'0' is not a number of seconds from 0.001 to 1000000")]
    public async Task A_value_out_of_range_names_the_bound(string commandLine, string says)
    {
        var result = await InProcess.RunAsync(commandLine);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(says, result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--redis", "localhost,pasword=hunter2")]
    [InlineData("--rediss=localhost,password=hunter2")]
    public async Task No_message_shows_a_password(params string[] connection)
    {
        var plain = await InProcess.RunAsync(["account", "list", .. connection]);
        var json = await InProcess.RunAsync(["account", "list", "-o", "json", .. connection]);
        Assert.Equal((2, 2), (plain.ExitCode, json.ExitCode));
        Assert.DoesNotContain("hunter2", plain.Error + json.Output, StringComparison.Ordinal);
        Assert.Contains(connection.Length == 2 ? "the option 'pasword'" : "'--rediss'", plain.Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(HelpTests.Commands), MemberType = typeof(HelpTests))]
    public async Task Each_help_has_two_examples_and_the_global_options_once(string command)
    {
        var output = (await InProcess.RunAsync($"{command} --help")).Output;
        Assert.Equal(2, Examples.Of(command).Count);
        Assert.Contains("\nExamples:\n", output, StringComparison.Ordinal);
        var (own, global) = Split(output, "Global options, anywhere in the line:");
        Assert.Contains("--cluster-id", global, StringComparison.Ordinal);
        Assert.DoesNotContain("--cluster-id", own, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(160)]
    public void No_help_is_wider_than_the_terminal_and_breaks_a_word(int width)
    {
        var environment = new ClientEnvironment(
            TextWriter.Null, TextWriter.Null, IsOutputTerminal: false, IsErrorTerminal: false, _ => null, TimeProvider.System);
        foreach (var command in All(CommandTree.Build(environment)))
        {
            using var output = new StringWriter();
            new ClientHelp(width).Write(command, output);
            var lines = output.ToString().Split('\n').Where(line => !line.StartsWith("  snapshots ", StringComparison.Ordinal));
            Assert.All(lines, line => Assert.True(line.Length <= width, line));
            var words = output.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToHashSet();
            Assert.All(command.Options.SelectMany(option => (option.Description ?? string.Empty).Split(' ')), word => Assert.Contains(word, words));
        }
    }

    [Theory]
    [InlineData(44, "one,two")]
    [InlineData(60, "one,two,three")]
    [InlineData(160, "one,two,three,four")]
    public void A_table_leaves_its_last_columns_out_where_they_do_not_fit(int width, string shown)
    {
        using var writer = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer), Ansi = AnsiSupport.No });
        console.Profile.Width = width;
        string[] columns = ["one", "#two", "three", "four"];
        new Page(console, isTerminal: true).Table(columns, [["a-rather-long-id", "1234567", "third value of it", "the fourth value"]]);
        var text = writer.ToString();
        Assert.All(text.Split('\n'), line => Assert.True(line.TrimEnd().Length <= width, line));
        Assert.All(shown.Split(','), column => Assert.Contains($" {column} ", text, StringComparison.Ordinal));
        var left = string.Join(", ", "one,two,three,four".Split(',').Except(shown.Split(',')));
        Assert.Equal(left.Length > 0, text.Contains($"not shown, for want of width: {left}", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(40)]
    [InlineData(60)]
    public void A_table_whose_first_columns_do_not_fit_breaks_no_cell(int width)
    {
        using var writer = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer), Ansi = AnsiSupport.No });
        console.Profile.Width = width;
        const string State = """{"balance":1194,"deposited":1000,"withdrawn":0,"open":true}""";
        new Page(console, isTerminal: true).Table(["id", "state", "#balance"], [["P10", State, "1194"]]);
        Assert.Contains(writer.ToString().Split('\n'), line => line.TrimEnd().EndsWith($"P10 {State}", StringComparison.Ordinal));
        Assert.Contains("not shown, for want of width: balance", writer.ToString(), StringComparison.Ordinal);
        Assert.Equal(width, console.Profile.Width);
    }

    [Fact]
    public void A_load_that_leaves_outcomes_unknown_says_so_and_how_they_are_settled()
    {
        var tally = new TransferTally();
        tally.Take(TransferOutcome.Accepted, 1);
        var settled = new LoadResult(2, tally, Resumed: null, Returned: 0, TimeSpan.FromSeconds(1), [], Failure: null);
        Assert.Null(LoadReport.FailureOf(settled));
        tally.Take(TransferOutcome.Unknown, 1);
        var failure = LoadReport.FailureOf(settled);
        Assert.Equal(4, failure!.Code.ExitCode);
        Assert.Equal(
            "the outcome of 1 transfers is not known; a load with --journal F --resume F settles what an earlier one has left",
            failure.Message);
    }

    private static (string Before, string After) Split(string text, string at)
    {
        var place = text.IndexOf(at, StringComparison.Ordinal);
        Assert.True(place >= 0 && place == text.LastIndexOf(at, StringComparison.Ordinal), text);
        return (text[..place], text[place..]);
    }

    private static IEnumerable<Command> All(Command command) => command.Subcommands.SelectMany(All).Prepend(command);
}
