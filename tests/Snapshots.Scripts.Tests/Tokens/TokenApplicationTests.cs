using System.Collections.Immutable;
using Snapshots.Protocol;

namespace Snapshots.Scripts.Tests;

public sealed class TokenApplicationTests
{
    private static readonly ProcessId P = new("P");
    private static readonly ProcessId Q = new("Q");

    [Fact]
    public void A_process_starts_with_nothing() =>
        Assert.Equal(TokenState.None, TokenApplication.Instance.CreateState(P));

    [Fact]
    public void States_with_the_same_tokens_are_equal_whatever_their_history()
    {
        var one = TokenState.None.Issue("red", 2).Issue("Blue", 1).Debit("red", 1).Credit("red", 4);
        var other = TokenState.None.Issue("Blue", 3).Debit("Blue", 2).Credit("red", 5);

        Assert.Equal(one, other);
        Assert.Equal(one.GetHashCode(), other.GetHashCode());
        Assert.Equal(6, one.Tokens);
        Assert.Equal(3, one.Issued);
        Assert.Equal("Blue 1, red 5", one.ToString());
        Assert.NotEqual(one, one.Credit("red", 1));
        Assert.NotEqual(one, one.Issue("red", 1).Debit("red", 1));
    }

    [Fact]
    public void A_colour_of_which_nothing_is_left_is_not_listed()
    {
        Assert.Equal(TokenState.None, TokenState.None.Credit("red", 1).Debit("red", 1));
        Assert.Empty(TokenState.None.Issue("red", 0).Held);
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            new TokenState(ImmutableSortedDictionary<string, long>.Empty.Add("red", 0), 0));
    }

    [Fact]
    public void Sending_debits_and_delivering_credits()
    {
        var state = TokenState.None.Issue("red", 3);

        var sent = TokenApplication.Send(state, Q, "red", 2);
        var received = TokenApplication.Instance.Deliver(Q, TokenState.None, P, sent.Messages[0].Message);

        Assert.Equal(state.Debit("red", 2), sent.State);
        Assert.Equal([new(Q, new TokenMessage("red", 2))], sent.Messages);
        Assert.Equal(2, received.State.Of("red"));
        Assert.Equal(0, received.State.Issued);
        Assert.Empty(received.Messages);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(4)]
    public void Nobody_sends_what_is_not_held(long amount) => Assert.Throws<ArgumentOutOfRangeException>(() =>
        TokenApplication.Send(TokenState.None.Issue("red", 3), Q, "red", amount));

    [Fact]
    public void Arithmetic_is_checked() =>
        Assert.Throws<OverflowException>(() => TokenState.None.Credit("red", long.MaxValue).Credit("red", 1));

    [Fact]
    public void Fingerprints_tell_messages_apart_and_never_change()
    {
        ulong Of(string colour, long amount) => TokenApplication.Instance.Fingerprint(new(colour, amount));

        Assert.NotEqual(Of("red", 1), Of("red", 2));
        Assert.NotEqual(Of("red", 1), Of("rad", 1));
        Assert.Equal(4336354989073542854UL, Of("plain", 1));
    }
}
