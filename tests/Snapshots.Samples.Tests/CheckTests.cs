using Snapshots.Detection;

namespace Snapshots.Samples.Tests;

public sealed class CheckTests
{
    private static readonly ProcessId A = new("A");
    private static readonly ProcessId B = new("B");
    private static readonly ProcessId L = new("L");
    private static readonly ProcessId M = new("M");

    [Fact]
    public void A_deadlock_is_a_finding_and_its_witness_names_the_workers_of_the_cycle()
    {
        var result = CheckResult.Of(new DeadlockCheck(), Locks(new([L], [M], Any: false), new([M], [L], Any: false)));
        Assert.Equal(
            ("deadlock", CheckClass.Stable, true, true), (result.Name, result.Class, result.Holds, result.Finding));
        Assert.Equal(["A", "B"], result.Witness);
    }

    [Fact]
    public void Workers_that_go_on_are_no_finding()
    {
        var result = CheckResult.Of(new DeadlockCheck(), Locks(new([L], [M], Any: false), new([M], [], Any: false)));
        Assert.Equal((false, false), (result.Holds, result.Finding));
        Assert.Empty(result.Witness);
    }

    [Fact]
    public void Garbage_holds_without_being_a_finding()
    {
        var state = new GlobalState<ObjectState, ObjectMessage>([new(A, new(Root: true, [], [B]))], []);
        var result = CheckResult.Of(new GarbageCheck(), state);
        Assert.Equal(
            ("garbage", CheckClass.Stable, true, false), (result.Name, result.Class, result.Holds, result.Finding));
        Assert.Equal(["B"], result.Witness);
    }

    [Fact]
    public void An_object_that_a_message_in_transit_gives_is_no_garbage()
    {
        var message = new ObjectMessage(ObjectMessageKind.Reference, B);
        var state = new GlobalState<ObjectState, ObjectMessage>(
            [new(A, new(Root: true, [], [B]))],
            [new(new(A, L), new(1), default, [new(new(1), message)])]);
        Assert.False(CheckResult.Of(new GarbageCheck(), state).Holds);
    }

    /// <summary>An order names B, which gives nobody a reference to it.</summary>
    [Fact]
    public void An_object_that_a_message_only_names_is_garbage()
    {
        var message = new ObjectMessage(ObjectMessageKind.TellSend, B, L);
        var state = new GlobalState<ObjectState, ObjectMessage>(
            [new(A, new(Root: true, [], [B]))],
            [new(new(A, L), new(1), default, [new(new(1), message)])]);
        Assert.True(CheckResult.Of(new GarbageCheck(), state).Holds);
    }

    private static GlobalState<LocksState, LocksMessage> Locks(WorkerState a, WorkerState b) => new(
        [new(A, a), new(B, b), new(L, new LockState(A, [B])), new(M, new LockState(B, [A]))], []);
}
