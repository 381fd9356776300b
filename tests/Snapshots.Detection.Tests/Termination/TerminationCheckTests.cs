using CsCheck;

namespace Snapshots.Detection.Tests;

public sealed class TerminationCheckTests
{
    private static readonly TerminationCheck<int, string> Check =
        new("ended", state => state == 0, message => message == "work");

    private static readonly ProcessId A = new("A");
    private static readonly ProcessId B = new("B");

    [Theory]
    [InlineData(0, "note", true, new string[0])]
    [InlineData(1, "note", false, new[] { "A" })]
    [InlineData(0, "work", false, new[] { "A->B" })]
    [InlineData(1, "work", false, new[] { "A", "A->B" })]
    public void A_computation_has_ended_when_all_are_passive_and_no_work_is_in_transit(
        int stateOfA, string message, bool holds, string[] witness)
    {
        var result = CheckResult.Of(Check, State([stateOfA, 0], [message]));
        Assert.Equal((holds, false, CheckClass.Stable), (result.Holds, result.Finding, result.Class));
        Assert.Equal(witness, result.Witness);
    }

    /// <summary>
    /// All executions of small systems: an active process may become passive or send work, and work makes its receiver
    /// active. A cut of an execution is terminated if and only if nobody acts in any continuation.
    /// </summary>
    [Fact]
    public void Termination_holds_exactly_where_no_continuation_has_an_active_process() => Gen
        .Select(Gen.Int[0, 1].Array[2], Gen.Int[0, 1].Array[0, 3])
        .Sample(
            (states, kinds) =>
            {
                var messages = kinds.Select(kind => kind == 1 ? "work" : "note").ToArray();
                var holds = CheckResult.Of(Check, State(states, messages)).Holds;
                Assert.Equal(!CanAct(states[0] == 1, states[1] == 1, new(messages)), holds);
            },
            iter: 500);

    private static bool CanAct(bool first, bool second, Queue<string> toSecond)
    {
        if (first || second) return true; // An active process can act now.
        return toSecond.TryDequeue(out var message) && CanAct(first, second || message == "work", toSecond);
    }

    private static GlobalState<int, string> State(int[] states, string[] messages) => new(
        [new(A, states[0]), new(B, states[1])],
        [new(
            new(A, B),
            new(messages.Length),
            default,
            [.. messages.Select((message, index) => new NumberedMessage<string>(new(index + 1), message))])]);
}
