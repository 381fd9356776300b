using Snapshots.Protocol;

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
    public void An_answer_says_why_its_key_kept_the_request_from_being_executed()
    {
        KeyStanding[] kept =
            [KeyStanding.KeyReused, KeyStanding.KeyTooOld, KeyStanding.KeyFromFuture, KeyStanding.TooManyKeys];
        var answers = kept.Select(standing => new AccountAnswer(null, standing, new RequestKey("k"))).ToList();
        Assert.All(answers, answer => Assert.False(answer.IsAccepted));
        Assert.Distinct(answers.Select(answer => answer.Message));
        Assert.DoesNotContain(string.Empty, answers.Select(answer => answer.Message));
        Assert.All(kept, standing => Assert.Throws<ArgumentException>(
            () => new AccountAnswer(Outcome.Accepted, standing, new RequestKey("k"))));
        Assert.Throws<ArgumentException>(() => new AccountAnswer(null, KeyStanding.Duplicate, new RequestKey("k")));
    }

    [Fact]
    public void The_numbers_of_the_reasons_never_change() => Assert.Equal(
        "None=0 InsufficientFunds=1 NotOpen=2 AlreadyOpen=3 Overflow=4 TooManyUnopened=5",
        string.Join(' ', Enum.GetValues<RefusalReason>().Select(reason => $"{reason}={(int)reason}")));
}
