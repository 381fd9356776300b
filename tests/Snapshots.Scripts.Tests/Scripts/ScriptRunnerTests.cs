namespace Snapshots.Scripts.Tests;

public sealed class ScriptRunnerTests
{
    private static readonly string[] Pair = ["process P 2", "process Q 1", "channel P Q", "channel Q P"];

    [Fact]
    public async Task Sending_more_than_is_held_stops_the_script()
    {
        var exception = await Replay.FailureAsync([.. Pair, "send P Q 2", "send P Q 1"]);
        Assert.Equal("line 6: P holds 0 and cannot send 1", exception.Message);
    }

    [Fact]
    public async Task Delivering_from_an_empty_channel_stops_the_script()
    {
        var exception = await Replay.FailureAsync([.. Pair, "send P Q 1", "deliver P Q", "deliver P Q"]);
        Assert.Equal("line 7: the channel P->Q is empty", exception.Message);
    }

    [Fact]
    public async Task A_failed_expectation_is_noted_and_the_script_goes_on()
    {
        var result = await Replay.OnCoreAsync([
            .. Pair, "send P Q 1", "snapshot s1 Q", "expect s1 complete", "expect s1 process P 1",
            "expect s1 channel P Q 1", "deliver Q P", "expect s1 channel P Q 1", "drain", "expect s1 running",
            "expect s1 process P 2", "expect s1 channel P Q", "expect s1 channel Q P 3 4", "expect now process Q 1",
            "expect s1 channel P Q 1"]);

        Assert.False(result.Passed);
        Assert.Equal(
            [
                "line 7: s1: expected complete, actual running",
                "line 8: P in s1: expected 1, actual not recorded yet",
                "line 9: P->Q in s1: expected 1, actual not recorded yet",
                "line 11: P->Q in s1: expected 1, actual not recorded yet",
                "line 13: s1: expected running, actual complete",
                "line 14: P in s1: expected 2, actual 1",
                "line 15: P->Q in s1: expected empty, actual 1",
                "line 16: Q->P in s1: expected 3 4, actual empty",
                "line 17: Q now: expected 1, actual 2",
            ],
            result.Failures);
    }

    [Fact]
    public async Task A_drain_goes_in_rounds_by_source_and_target_and_looks_at_each_channel_when_its_turn_comes()
    {
        var engine = new RecordingEngine();
        var script = Script.Parse(string.Join('\n', [
            "process a 9", "process B 9", "process b 9", "channel b a", "channel a b", "channel a B", "channel B a",
            "send b a 1", "send b a 2", "send a b 3", "snapshot s a", "drain"]));

        await ScriptRunner.RunAsync(script, engine, TestContext.Current.CancellationToken);

        // In the first round a->B's marker makes B record; B->a had its turn before that; so it waits.
        Assert.Equal(
            ["a->B", "a->b", "b->a", "B->a", "a->b", "b->a", "b->a"],
            engine.Delivered);
    }

    [Fact]
    public async Task Numbers_are_given_in_the_order_of_beginning_and_results_stand_in_ordinal_order()
    {
        var result = await Replay.OnCoreAsync(
            "process b 1", "process B 2", "process a 3", "snapshot z b", "snapshot Z B", "snapshot z a",
            "snapshot y a");

        Assert.Equal(["Z", "y", "z"], result.Snapshots.Select(snapshot => snapshot.Id.Value));
        Assert.Equal([2, 3, 1], result.Snapshots.Select(snapshot => snapshot.Number.Value));
        Assert.Equal(["B", "a", "b"], result.Snapshots.Select(snapshot => snapshot.Initiator.Value));
        Assert.Equal(
            [("B", 2L), ("a", 3L), ("b", 1L)],
            result.Final.Select(process => (process.Id.Value, process.State.Tokens)));
        Assert.Equal("core", result.Engine);
    }

    [Fact]
    public async Task A_running_snapshot_tells_its_progress_and_a_complete_one_every_declared_channel_of_its_members()
    {
        var result = await Replay.OnCoreAsync([
            .. Pair, "snapshot done P", "drain", "process R 1", "channel R P", "channel P R", "snapshot going P",
            "drain", "process S 1", "snapshot never P", "channel R Q", "snapshot alone S"]);

        var done = result.Snapshot("done");
        Assert.True(done.IsComplete);
        Assert.Equal(["P->Q", "Q->P"], done.State!.Channels.Select(channel => channel.Channel.ToString()));
        var going = result.Snapshot("going");
        Assert.Equal(
            ["P->Q", "P->R", "Q->P", "R->P", "R->Q"],
            going.State!.Channels.Select(channel => channel.Channel.ToString()));
        var never = result.Snapshot("never");
        Assert.False(never.IsComplete);
        Assert.Null(never.State);
        Assert.Equal(1, never.Progress.ProcessesRecorded);
        Assert.Equal(4, never.Progress.ProcessesExpected);
        Assert.Equal(["Q", "R", "S"], never.Progress.WaitingFor);
    }

    [Fact]
    public async Task A_process_that_came_after_the_end_is_no_member()
    {
        var result = await Replay.OnCoreAsync(
            "process P 1", "snapshot s P", "process Q 1", "channel P Q", "expect s process Q 1",
            "expect s channel P Q");

        Assert.Equal(
            [
                "line 5: Q in s: expected 1, actual Q is not a member",
                "line 6: P->Q in s: expected empty, actual Q is not a member",
            ],
            result.Failures);
    }

    [Fact]
    public async Task A_cancelled_script_stops()
    {
        using var source = new CancellationTokenSource();
        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            ScriptRunner.RunAsync(
                Script.Parse("process P 1"),
                new CoreScriptEngine<TokenState, TokenMessage>(TokenScripts.Instance),
                source.Token));
    }

    [Fact]
    public async Task An_empty_script_passes()
    {
        var result = await Replay.OnCoreAsync(string.Empty);
        Assert.True(result.Passed);
        Assert.Empty(result.Snapshots);
        Assert.Empty(result.Final);
    }
}
