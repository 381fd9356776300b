using System.CommandLine;

namespace Snapshots.Client.Tests;

public sealed class HelpTests
{
    public static TheoryData<string> Commands()
    {
        var environment = new ClientEnvironment(
            TextWriter.Null,
            TextWriter.Null,
            IsOutputTerminal: false,
            IsErrorTerminal: false,
            _ => null,
            TimeProvider.System);
        return [.. Paths(CommandTree.Build(environment), string.Empty)];
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task There_is_help_at_every_level(string command)
    {
        var result = await InProcess.RunAsync($"{command} --help");
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("Usage:", result.Output, StringComparison.Ordinal);
        Assert.Contains("--gateway", result.Output, StringComparison.Ordinal);
        Assert.Empty(result.Error);
    }

    [Fact]
    public async Task The_version_is_one_line()
    {
        var result = await InProcess.RunAsync("--version");
        Assert.Equal(0, result.ExitCode);
        Assert.Single(result.Output.TrimEnd('\n').Split('\n'));
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    [InlineData("pwsh")]
    public async Task There_is_a_completion_script_for_each_shell(string shell)
    {
        var result = await InProcess.RunAsync($"completion {shell}");
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("snapshots \"[suggest:", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_completion_scripts_ask_is_answered()
    {
        var result = await InProcess.RunAsync("[suggest:20]", "snapshots snapshot t");
        Assert.Equal("take", result.Output.Split('\n')[0]);
    }

    private static IEnumerable<string> Paths(Command command, string path)
    {
        yield return path;
        foreach (var child in command.Subcommands)
        {
            foreach (var below in Paths(child, $"{path} {child.Name}".Trim())) yield return below;
        }
    }
}
