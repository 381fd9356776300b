namespace Snapshots.Scripts.Tests;

public sealed class LocksScriptTests
{
    private static readonly string[] Pair = ["worker A", "worker B", "lock L1", "lock L2"];

    [Fact]
    public async Task A_lock_is_requested_granted_and_released()
    {
        Assert.Equal(["A holds nothing, waits for L1", "L1 free"], await FinalAsync("acquire A L1"));
        Assert.Equal(
            ["A holds nothing, waits for L1", "L1 held by A, queue nothing"],
            await FinalAsync("acquire A L1", "deliver A L1"));
        Assert.Equal(
            ["A holds L1", "L1 held by A, queue nothing"],
            await FinalAsync("acquire A L1", "deliver A L1", "deliver L1 A"));
        Assert.Equal(
            ["A holds nothing", "L1 held by A, queue nothing"],
            await FinalAsync("acquire A L1", "drain", "release A L1"));
        Assert.Equal(
            ["A holds nothing", "L1 free"], await FinalAsync("acquire A L1", "drain", "release A L1", "drain"));
    }

    [Fact]
    public async Task Requests_are_granted_in_the_order_in_which_they_arrive()
    {
        string[] both = ["acquire B L1", "acquire A L1", "deliver A L1", "deliver B L1"];
        Assert.Equal(
            ["A holds nothing, waits for L1", "B holds nothing, waits for L1", "L1 held by A, queue B"],
            await AllAsync(both));
        Assert.Equal(
            ["A holds nothing", "B holds L1", "L1 held by B, queue nothing"],
            await AllAsync([.. both, "drain", "release A L1", "drain"]));
    }

    [Fact]
    public async Task The_first_grant_ends_a_wait_for_any_and_a_later_one_goes_back_at_once()
    {
        string[] any = ["acquire-any A L2 L1", "deliver A L1", "deliver A L2"];
        Assert.Equal(
            ["A holds nothing, waits for any of L1, L2", "L1 held by A, queue nothing", "L2 held by A, queue nothing"],
            await AllAsync(any, "A", "L1", "L2"));
        Assert.Equal(
            ["A holds L2", "L1 held by A, queue nothing", "L2 held by A, queue nothing"],
            await AllAsync([.. any, "deliver L2 A", "deliver L1 A"], "A", "L1", "L2"));
        Assert.Equal(
            ["A holds L2", "L1 free", "L2 held by A, queue nothing"],
            await AllAsync([.. any, "deliver L2 A", "drain"], "A", "L1", "L2"));
    }

    [Fact]
    public async Task A_worker_that_waits_sends_a_late_grant_back_and_still_waits()
    {
        Assert.Equal(
            ["A holds L1, waits for L2", "B holds L2", "L1 held by A, queue nothing", "L2 held by B, queue A"],
            await AllAsync(
                ["acquire B L2", "drain", "acquire-any A L1 L3", "deliver A L1", "deliver A L3", "deliver L1 A",
                    "acquire A L2", "drain"],
                "A",
                "B",
                "L1",
                "L2"));
    }

    [Fact]
    public async Task A_grant_ends_the_wait_whichever_request_caused_it()
    {
        // Two requests of A are in the queue of L1. The grant for the first one ends the wait of the second.
        string[] twice =
        [
            "acquire B L1", "drain", "acquire-any A L1 L2", "drain", "release A L2", "acquire A L1", "drain",
        ];
        Assert.Equal(["A holds nothing, waits for L1", "L1 held by B, queue A, A"], await AllAsync(twice, "A", "L1"));
        Assert.Equal(
            ["A holds L1", "L1 held by A, queue A"], await AllAsync([.. twice, "release B L1", "drain"], "A", "L1"));
        Assert.Equal(
            ["A holds nothing", "L1 free"],
            await AllAsync([.. twice, "release B L1", "drain", "release A L1", "drain"], "A", "L1"));

        // With a wait under way again, the grant for the second one ends that, too.
        Assert.Equal(
            ["A holds L1", "L1 held by A, queue A"],
            await AllAsync(
                [.. twice, "release B L1", "drain", "release A L1", "acquire A L1", "drain"], "A", "L1"));
    }

    [Theory]
    [InlineData("A waits for L1 and cannot acquire", "acquire A L1", "acquire A L2")]
    [InlineData("A waits for L1 and cannot acquire", "acquire A L1", "acquire-any A L1 L2")]
    [InlineData("A waits for L1, L2 and cannot release", "acquire-any A L1 L2", "release A L1")]
    [InlineData("A does not hold L1", "release A L1")]
    [InlineData("A does not hold L1", "acquire A L1", "drain", "release A L1", "release A L1")]
    [InlineData("the channel L1->A is empty", "acquire A L1", "deliver L1 A")]
    public async Task What_a_worker_may_not_do_stops_the_script(string reason, params string[] lines)
    {
        var exception = await Assert.ThrowsAsync<ScriptException>(() => Replay.LocksAsync([.. Pair, .. lines]));
        Assert.Equal($"line {1 + Pair.Length + lines.Length}: {reason}", exception.Message);
    }

    [Theory]
    [InlineData("acquire A X", "the lock X is not declared here")]
    [InlineData("acquire A B", "the lock B is not declared here")]
    [InlineData("acquire L1 L2", "the worker L1 is not declared here")]
    [InlineData("acquire A L1 L2", "'acquire WORKER LOCK' has 3 words, the line has 4")]
    [InlineData("acquire-any A", "'acquire-any WORKER LOCK' has 3 words, the line has 2")]
    [InlineData("acquire-any A L1 L1", "the lock L1 is named twice")]
    [InlineData("release A", "'release WORKER LOCK' has 3 words, the line has 2")]
    [InlineData("worker L1", "the process L1 is declared twice")]
    [InlineData("lock A", "the process A is declared twice")]
    [InlineData("worker C 1", "'worker NAME' has 2 words, the line has 3")]
    [InlineData("process P 1", "unknown statement 'process'")]
    [InlineData("channel A B", "unknown statement 'channel'")]
    [InlineData("send A B 1", "unknown statement 'send'")]
    [InlineData("deliver A B", "the channel A->B is not declared here")]
    [InlineData("expect now process A 1", "'expect now' is for tokens alone")]
    [InlineData("expect s process A 1", "'expect s' knows deadlock, no deadlock, complete, running, not 'process'")]
    [InlineData("expect s garbage A", "'expect s' knows deadlock")]
    [InlineData("expect s no garbage", "'expect s' knows deadlock")]
    [InlineData("expect s no deadlock A", "'expect SNAPSHOT no deadlock' has 4 words, the line has 5")]
    [InlineData("expect s deadlock", "'expect s deadlock' needs names; or 'no deadlock'")]
    [InlineData("expect s deadlock L1", "the worker L1 is not declared here")]
    [InlineData("expect t deadlock A", "no snapshot t has begun here")]
    [InlineData("application locks", "'application' is the first statement of a script, or not there")]
    public void A_bad_line_is_named_with_what_is_wrong(string line, string reason)
    {
        var text = string.Join('\n', ["application locks", .. Pair, "snapshot s A", line]);
        var exception = Assert.Throws<ScriptException>(() => Script.Parse(text));
        Assert.Equal(7, exception.Line);
        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("application", "'application NAME' has 2 words, the line has 1")]
    [InlineData("application bank", "unknown application 'bank': tokens, locks or objects")]
    public void An_unknown_application_is_refused(string line, string reason) => Assert.Contains(
        reason,
        Assert.Throws<ScriptException>(() => Script.Parse($"# first\n\n{line}")).Message,
        StringComparison.Ordinal);

    [Fact]
    public void An_application_is_named_after_comments_and_tokens_can_be_named_too()
    {
        Assert.Equal("locks", Script.Parse("# first\n\n application  locks # it\nworker A").Application);
        Assert.Equal("tokens", Script.Parse("application tokens\nprocess P 1").Application);
        Assert.Throws<ScriptException>(() => Script.Parse("process P 1\napplication tokens"));
    }

    [Fact]
    public async Task A_failed_expectation_says_what_was_found()
    {
        var result = await Replay.LocksAsync([
            .. Pair, "acquire A L1", "acquire B L2", "drain", "acquire A L2", "acquire B L1", "snapshot s A",
            "expect s deadlock A B", "drain", "expect s no deadlock", "expect s deadlock B B A",
            "expect s deadlock A"]);
        Assert.Equal(
            [
                "line 12: s: expected deadlock A B, actual not recorded yet",
                "line 14: s: expected no deadlock, actual deadlock A B",
                "line 16: s: expected deadlock A, actual deadlock A B",
            ],
            result.Failures);
    }

    [Fact]
    public async Task Every_worker_has_channels_with_every_lock_also_one_that_comes_inside_a_snapshot()
    {
        var result = await Replay.LocksAsync(
            "worker A", "lock L", "snapshot s A", "worker B", "lock M", "drain", "snapshot t B", "drain");
        Assert.Equal(["A->L", "L->A"], Channels("s")[..2]);
        Assert.Equal(["A->L", "A->M", "B->L", "B->M", "L->A", "L->B", "M->A", "M->B"], Channels("t"));

        string[] Channels(string id) =>
            [.. result.Snapshot(id).State!.Channels.Select(channel => channel.Channel.ToString())];
    }

    private static Task<string[]> FinalAsync(params string[] lines) => AllAsync(lines, "A", "L1");

    private static async Task<string[]> AllAsync(string[] lines, params string[] ids)
    {
        var result = await Replay.LocksAsync([.. Pair, "lock L3", .. lines]);
        string[] shown = ids.Length == 0 ? ["A", "B", "L1"] : ids;
        return [.. result.Final.Where(process => shown.Contains(process.Id.Value))
            .Select(process => $"{process.Id} {process.State}")];
    }
}
