using System.Runtime.CompilerServices;

namespace Snapshots.Diagrams.Tests;

/// <summary>
/// Pictures of scripts, byte by byte. A picture that has changed on purpose is written where the test says.
/// </summary>
public sealed class GoldenTests
{
    [Theory]
    [InlineData("directed-ring")]
    [InlineData("overlapping")]
    [InlineData("process-appears-inside")]
    [InlineData("objects-in-transit")]
    public async Task The_picture_of_a_script_is_the_same_everywhere(string name)
    {
        var picture = SpaceTimeDiagram.Draw(await Scenarios.RunAsync($"{name}.txt"), embedded: true);
        Compare(picture, "golden", $"{name}.svg", "golden");
    }

    [Fact]
    public async Task The_picture_in_the_documents_is_the_one_that_is_drawn_today() => Compare(
        SpaceTimeDiagram.Draw(await Scenarios.RunAsync("both-directions.txt")),
        "images",
        "both-directions.svg",
        Path.Combine("..", "..", "docs", "images"));

    [Fact]
    public async Task The_log_of_a_script_is_the_same_everywhere() => Compare(
        ShiVizLog.Write(await Scenarios.RunAsync("directed-ring.txt")), "golden", "directed-ring.log", "golden");

    private static void Compare(string actual, string folder, string file, string source)
    {
        var expected = Path.Combine(AppContext.BaseDirectory, folder, file);
        if (File.Exists(expected) && File.ReadAllText(expected) == actual) return;
        var written = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, $"{file}.actual"));
        File.WriteAllText(written, actual);
        Assert.Fail($"{Path.Combine(Path.GetDirectoryName(ThisFile())!, source, file)} is not {written}");
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
