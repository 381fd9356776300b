namespace Snapshots.Scripts.Grains.Tests;

public sealed class ScenarioTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "scenarios");

    public static TheoryData<string> Scenarios { get; } =
        [.. Directory.EnumerateFiles(Folder, "*.txt").Select(file => Path.GetFileName(file)!)
            .Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task Real_grains_give_what_the_core_gives(string scenario)
    {
        var text = await File.ReadAllTextAsync(Path.Combine(Folder, scenario), TestContext.Current.CancellationToken);
        var (core, grains) = await GrainReplay.RunBothAsync(Script.Parse(text));
        Assert.Equal(core, grains);
    }
}
