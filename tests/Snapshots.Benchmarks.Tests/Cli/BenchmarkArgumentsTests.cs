namespace Snapshots.Benchmarks.Tests;

public sealed class BenchmarkArgumentsTests
{
    private static readonly string[] Known = ["one", "two", "three"];

    [Fact]
    public void Without_options_every_scenario_runs_in_full_and_writes_no_file()
    {
        var options = BenchmarkArguments.Parse([], Known, []);
        Assert.Equal(Known, options.Scenarios);
        Assert.False(options.Quick);
        Assert.False(options.Gateway);
        Assert.Null(options.JsonFile);
        Assert.Null(options.MarkdownFile);
        Assert.Null(options.MicroFilter);
    }

    [Fact]
    public void Scenarios_run_in_the_order_in_which_they_are_named()
    {
        var options = BenchmarkArguments.Parse(["--scenario", "three", "one", "--quick", "--scenario", "two"], Known, []);
        Assert.Equal(["three", "one", "two"], options.Scenarios);
        Assert.True(options.Quick);
    }

    [Fact]
    public void Files_filter_and_caller_are_taken_as_given()
    {
        var options = BenchmarkArguments.Parse(
            ["--json", "a.json", "--markdown", "a.md", "--micro", "*Send*", "--gateway"], Known, []);
        Assert.Equal(
            ("a.json", "a.md", "*Send*", true),
            (options.JsonFile, options.MarkdownFile, options.MicroFilter, options.Gateway));
    }

    [Fact]
    public void Micro_without_a_filter_runs_all() =>
        Assert.Equal("*", BenchmarkArguments.Parse(["--micro"], Known, []).MicroFilter);

    [Theory]
    [InlineData("--scenario", "--scenario needs a name")]
    [InlineData("--scenario four", "there is no scenario four; there are one, two, three")]
    [InlineData("--json", "--json needs one value")]
    [InlineData("--json a b", "--json needs one value")]
    [InlineData("--quick yes", "--quick takes no value")]
    [InlineData("--slow", "--slow is not an option")]
    [InlineData("one", "one is not an option")]
    public void What_cannot_be_understood_is_refused_with_one_line(string line, string message) =>
        Assert.Equal(
            message, Assert.Throws<UsageException>(() => BenchmarkArguments.Parse(line.Split(' '), Known, [])).Message);
}
