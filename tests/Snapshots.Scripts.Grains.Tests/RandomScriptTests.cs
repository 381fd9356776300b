using Snapshots.Scripts.Tests;

namespace Snapshots.Scripts.Grains.Tests;

public sealed class RandomScriptTests
{
    /// <summary>A script that made a test fail is repeated by its seed alone.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task Real_grains_give_what_the_core_gives_on_random_scripts(int seed)
    {
        var (core, grains) = await GrainReplay.RunBothAsync(Script.Parse(new RandomScript(seed).Text));
        Assert.Equal(core, grains);
    }
}
