namespace Snapshots.Bank.Tests;

public sealed class OutcomeTests
{
    [Fact]
    public void Every_reason_has_its_own_words()
    {
        var reasons = Enum.GetValues<RefusalReason>().Where(reason => reason != RefusalReason.None).ToList();
        Assert.All(reasons, reason => Assert.Equal(reason, Outcome.Refused(reason).Reason));
        Assert.Distinct(reasons.Select(reason => Outcome.Refused(reason).Message));
        Assert.All(reasons, reason => Assert.False(Outcome.Refused(reason).IsAccepted));
    }

    [Fact]
    public void None_is_no_reason_to_refuse()
    {
        Assert.True(Outcome.Accepted.IsAccepted);
        Assert.Throws<ArgumentOutOfRangeException>(() => Outcome.Refused(RefusalReason.None));
        Assert.Throws<ArgumentOutOfRangeException>(() => Outcome.Refused((RefusalReason)99));
    }

    [Fact]
    public void The_numbers_of_the_reasons_never_change() => Assert.Equal(
        "None=0 InsufficientFunds=1 NotOpen=2 AlreadyOpen=3 Overflow=4 KeyTooOld=5 KeyReused=6",
        string.Join(' ', Enum.GetValues<RefusalReason>().Select(reason => $"{reason}={(int)reason}")));
}
