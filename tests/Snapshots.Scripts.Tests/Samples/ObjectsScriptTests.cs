namespace Snapshots.Scripts.Tests;

public sealed class ObjectsScriptTests
{
    private static readonly string[] Four = ["object R root", "object X", "object Y", "object Z"];

    [Fact]
    public async Task A_root_creates_sends_and_drops_references()
    {
        Assert.Equal(["R root, holds X", "X holds nothing"], await FinalAsync("create R X"));
        Assert.Equal(
            ["R root, holds X, Y", "X holds nothing"], await FinalAsync("create R Y", "create R X", "send R X Y"));
        Assert.Equal(
            ["R root, holds X, Y", "X holds Y"],
            await FinalAsync("create R X", "create R Y", "send R X Y", "drain"));
        Assert.Equal(["R root, holds nothing", "X holds nothing"], await FinalAsync("create R X", "drop R X"));
        Assert.Equal(["R root, holds X", "X holds R"], await FinalAsync("create R X", "send R X R", "drain"));
    }

    [Fact]
    public async Task An_order_is_done_on_delivery_if_the_object_may_and_is_ignored_otherwise()
    {
        string[] start = ["create R X", "create R Y", "create R Z", "send R X Y", "send R X Z", "drain"];
        Assert.Equal("Z holds Y", (await FinalAsync([.. start, "tell R X send Z Y", "drain"], "Z"))[0]);
        Assert.Equal("Z holds X", (await FinalAsync([.. start, "tell R X send Z X", "drain"], "Z"))[0]);
        Assert.Equal("X holds Z", (await FinalAsync([.. start, "tell R X drop Y", "drain"], "X"))[0]);
        Assert.Equal("Z holds nothing", (await FinalAsync([.. start, "tell R X send Z Z", "drain"], "Z"))[0]);
        Assert.Equal("Z holds nothing", (await FinalAsync([.. start, "tell R Y send Z X", "drain"], "Z"))[0]);
        Assert.Equal("Y holds nothing", (await FinalAsync([.. start, "tell R Y drop X", "drain"], "Y"))[0]);

        // What counts is what the object holds when the order arrives.
        Assert.Equal(
            "Z holds nothing", (await FinalAsync([.. start, "tell R X drop Y", "tell R X send Z Y", "drain"], "Z"))[0]);
        Assert.Equal(
            "Z holds Y",
            (await FinalAsync([.. start, "tell R X drop Z", "send R X Z", "tell R X send Z Y", "drain"], "Z"))[0]);
    }

    [Fact]
    public async Task What_is_told_goes_from_object_to_object()
    {
        // X gives Y to Z, then Y is told nothing: Z alone keeps it, and R reaches Z through X.
        string[] chain =
        [
            "create R X", "create R Y", "create R Z", "send R X Y", "send R X Z", "drop R Y", "drop R Z", "drain",
            "tell R X send Z Y", "tell R X drop Y", "drain",
        ];
        var result = await Replay.ObjectsAsync(
            [.. Four, .. chain, "snapshot s R", "drain", "expect s no garbage", "tell R X drop Z", "drain",
                "snapshot t R", "drain", "expect t garbage Z Y"]);
        Assert.Empty(result.Failures);
    }

    [Theory]
    [InlineData("R does not hold X", "drop R X")]
    [InlineData("R does not hold X", "create R X", "drop R X", "drop R X")]
    [InlineData("R cannot send X a message about Y: it root, holds nothing", "create R X", "drop R X", "send R X Y")]
    [InlineData("R cannot send X a message about Y: it root, holds X", "create R X", "send R X Y")]
    [InlineData("R cannot send X a message about Y: it root, holds nothing", "tell R X drop Y")]
    [InlineData("R cannot send X a message about Y: it root, holds nothing", "tell R X send Z Y")]
    [InlineData("R cannot send R a message about X: it root, holds X", "create R X", "send R R X")]
    public async Task What_a_root_may_not_do_stops_the_script(string reason, params string[] lines)
    {
        var exception = await Assert.ThrowsAsync<ScriptException>(() => Replay.ObjectsAsync([.. Four, .. lines]));
        Assert.Equal($"line {1 + Four.Length + lines.Length}: {reason}", exception.Message);
    }

    [Theory]
    [InlineData("create X Y", "X is no root and does not act by itself")]
    [InlineData("send X Y Z", "X is no root and does not act by itself")]
    [InlineData("drop X Y", "X is no root and does not act by itself")]
    [InlineData("tell X Y drop Z", "X is no root and does not act by itself")]
    [InlineData("create R R", "R is a root and cannot be created")]
    [InlineData("create R Y", "Y was created before")]
    [InlineData("create R Q", "the process Q is not declared here")]
    [InlineData("send R Y Y", "'Y' cannot be sent to itself")]
    [InlineData("tell R Y", "'tell ROOT OBJECT' is followed by 'send TARGET OBJECT' or 'drop OBJECT'")]
    [InlineData("tell R Y create Z", "'tell ROOT OBJECT' is followed by")]
    [InlineData("tell R Y drop", "'tell ROOT OBJECT drop OBJECT' has 5 words, the line has 4")]
    [InlineData("tell R Y send Z", "'tell ROOT OBJECT send TARGET OBJECT' has 6 words, the line has 5")]
    [InlineData("tell R Y send Z Q", "the process Q is not declared here")]
    [InlineData("object X", "the process X is declared twice")]
    [InlineData("object V leaf", "an object can be a 'root', not 'leaf'")]
    [InlineData("expect s deadlock X", "'expect s' knows garbage, no garbage, complete, running, not 'deadlock'")]
    [InlineData("expect s garbage", "'expect s garbage' needs names; or 'no garbage'")]
    [InlineData("expect s garbage Q", "the process Q is not declared here")]
    [InlineData("acquire R X", "unknown statement 'acquire'")]
    public void A_bad_line_is_named_with_what_is_wrong(string line, string reason)
    {
        var text = string.Join('\n', ["application objects", .. Four, "create R Y", "snapshot s R", line]);
        var exception = Assert.Throws<ScriptException>(() => Script.Parse(text));
        Assert.Equal(8, exception.Line);
        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_what_was_created_before_the_cut_is_garbage()
    {
        var result = await Replay.ObjectsAsync(
            [.. Four, "create R X", "drop R X", "snapshot s R", "create R Y", "drop R Y", "drain", "snapshot t Z",
                "drain", "expect s garbage X", "expect t garbage X Y"]);
        Assert.Empty(result.Failures);
    }

    private static Task<string[]> FinalAsync(params string[] lines) => FinalAsync(lines, "R", "X");

    private static async Task<string[]> FinalAsync(string[] lines, params string[] ids)
    {
        var result = await Replay.ObjectsAsync([.. Four, .. lines]);
        return [.. result.Final.Where(process => ids.Contains(process.Id.Value))
            .Select(process => $"{process.Id} {process.State}")];
    }
}
