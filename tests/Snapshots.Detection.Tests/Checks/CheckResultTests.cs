namespace Snapshots.Detection.Tests;

public sealed class CheckResultTests
{
    private static readonly ProcessId A = new("A");
    private static readonly ProcessId B = new("B");

    [Theory]
    [InlineData(CheckClass.Stable, true, true, true)]
    [InlineData(CheckClass.Stable, true, false, false)]
    [InlineData(CheckClass.Stable, false, true, false)]
    [InlineData(CheckClass.Stable, false, false, false)]
    [InlineData(CheckClass.Invariant, true, true, false)]
    [InlineData(CheckClass.Invariant, true, false, false)]
    [InlineData(CheckClass.Invariant, false, true, true)]
    [InlineData(CheckClass.Invariant, false, false, true)]
    [InlineData(CheckClass.Observed, true, true, false)]
    [InlineData(CheckClass.Observed, false, true, false)]
    public void Only_a_broken_invariant_and_a_stable_alarm_are_findings(
        CheckClass checkClass, bool holds, bool isAlarm, bool finding)
    {
        var check = new Sum(checkClass, isAlarm, Expected: 3);
        var result = CheckResult.Of(check, new CheckAnswer(holds, ["why"]));
        Assert.Equal(("sum", checkClass, holds, finding), (result.Name, result.Class, result.Holds, result.Finding));
        Assert.Equal(["why"], result.Witness);
    }

    [Theory]
    [InlineData(6, true)]
    [InlineData(5, false)]
    public void A_check_reads_every_member_and_every_message_of_a_state(int expected, bool holds)
    {
        var state = new GlobalState<int, int>(
            [new(A, 1), new(B, 2)],
            [new(new(A, B), new(1), default, [new(new(1), 3)]), new(new(B, A), default, default, [])]);
        var result = CheckResult.Of(new Sum(CheckClass.Invariant, IsAlarm: false, expected), state);
        Assert.Equal((holds, !holds), (result.Holds, result.Finding));
        Assert.Equal(["6"], result.Witness);
    }

    private sealed record Sum(CheckClass Class, bool IsAlarm, int Expected) : ISnapshotCheck<int, int>
    {
        public string Name => "sum";

        public ICheckRun<int, int> Begin() => new Run(Expected);

        private sealed class Run(int expected) : ICheckRun<int, int>
        {
            private int _sum;

            public void Add(ProcessState<int> process) => _sum += process.State;

            public void Add(ChannelState<int> channel) => _sum += channel.Messages.Sum(message => message.Message);

            public CheckAnswer Conclude() => new(_sum == expected, [$"{_sum}"]);
        }
    }
}
