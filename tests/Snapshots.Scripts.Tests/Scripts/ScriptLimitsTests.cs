using System.Text;

namespace Snapshots.Scripts.Tests;

public sealed class ScriptLimitsTests
{
    [Fact]
    public void Processes_are_bounded() => AtAndPast(
        ScriptLimits.MaxProcesses, "processes", count => Numbered(count, index => $"process P{index} 1"));

    [Fact]
    public void Channels_are_bounded() => AtAndPast(ScriptLimits.MaxChannels, "channels", count =>
        Numbered(201, index => $"process P{index} 1")
        + Numbered(count, index => $"channel P{index % 100} P{100 + (index / 100)}"));

    [Fact]
    public void Snapshots_are_bounded() => AtAndPast(
        ScriptLimits.MaxSnapshots,
        "snapshots",
        count => "process P 1\n" + Numbered(count, index => $"snapshot s{index} P"));

    [Fact]
    public void Lines_are_bounded() => AtAndPast(ScriptLimits.MaxLines, "lines", count => Numbered(count, _ => "#"));

    [Fact]
    public void The_tokens_of_all_processes_are_bounded()
    {
        Assert.Equal(2, Script.Parse($"process P {ScriptLimits.MaxAmount - 1}\nprocess Q 1").Steps.Length);
        Assert.Throws<ScriptException>(() => Script.Parse($"process P {ScriptLimits.MaxAmount - 1}\nprocess Q 2"));
    }

    [Fact]
    public async Task The_size_is_bounded_in_bytes()
    {
        var text = "# " + new string('é', (ScriptLimits.MaxBytes / 2) - 1);
        Assert.Empty((await ReadAsync(Encoding.UTF8.GetBytes(text))).Steps);
        Assert.Empty(Script.Parse(text).Steps);

        var exception = await Assert.ThrowsAsync<ScriptException>(() => ReadAsync(Encoding.UTF8.GetBytes(text + "x")));
        Assert.Equal($"the script is larger than {ScriptLimits.MaxBytes} bytes", exception.Message);
        Assert.Equal(0, exception.Line);
        Assert.Throws<ScriptException>(() => Script.Parse(text + "x"));
    }

    [Fact]
    public async Task What_is_not_text_is_refused()
    {
        var exception = await Assert.ThrowsAsync<ScriptException>(() => ReadAsync([0x70, 0xFF, 0xFE]));
        Assert.Equal("the script is not UTF-8 text", exception.Message);
    }

    [Fact]
    public async Task Deliveries_are_bounded()
    {
        var script = Script.Parse("process P 1\nprocess Q 1\nchannel P Q\ndeliver P Q\ndrain");

        var exception = await Assert.ThrowsAsync<ScriptException>(() =>
            ScriptRunner.RunAsync(script, new EndlessEngine(), TestContext.Current.CancellationToken));

        Assert.Equal($"a script delivers at most {ScriptLimits.MaxDeliveries} frames", exception.Reason);
        Assert.Equal(5, exception.Line);
    }

    private static async Task<Script> ReadAsync(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);
        return await Script.ReadAsync(stream, TestContext.Current.CancellationToken);
    }

    private static void AtAndPast(int limit, string what, Func<int, string> text)
    {
        Script.Parse(text(limit));
        var exception = Assert.Throws<ScriptException>(() => Script.Parse(text(limit + 1)));
        Assert.EndsWith($"a script has at most {limit} {what}", exception.Message, StringComparison.Ordinal);
    }

    private static string Numbered(int count, Func<int, string> line) =>
        string.Concat(Enumerable.Range(0, count).Select(index => line(index) + "\n"));
}
