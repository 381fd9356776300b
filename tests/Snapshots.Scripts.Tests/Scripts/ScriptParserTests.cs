using Snapshots.Protocol;

namespace Snapshots.Scripts.Tests;

public sealed class ScriptParserTests
{
    private const string Prelude = "process P 2\nprocess Q 1\nchannel P Q\nsnapshot s1 P\n";

    [Fact]
    public void Every_statement_becomes_its_step()
    {
        var script = Script.Parse(
            "process P 0\nprocess Q 9007199254740991\nchannel P Q\nsend P Q 1\nsnapshot s P\ndeliver P Q\ndrain\n"
            + "expect s process P 1\nexpect s channel P Q 1 2\nexpect s channel P Q\nexpect s complete\n"
            + "expect s running\nexpect now process Q 2");

        var (p, q, s) = (new ProcessId("P"), new ProcessId("Q"), new SnapshotId("s"));
        Assert.Equal(13, script.Steps.Length);
        Assert.Equal(new ProcessStep(1, p, "process 0"), script.Steps[0]);
        Assert.Equal(new ProcessStep(2, q, $"process {ScriptLimits.MaxAmount}"), script.Steps[1]);
        Assert.Equal(new ChannelStep(3, new(p, q)), script.Steps[2]);
        Assert.Equal(new ActStep(4, p, "send Q 1"), script.Steps[3]);
        Assert.Equal(new SnapshotStep(5, s, p), script.Steps[4]);
        Assert.Equal(new DeliverStep(6, new(p, q)), script.Steps[5]);
        Assert.Equal(new DrainStep(7), script.Steps[6]);
        Assert.Equal(new ExpectProcessStep(8, s, p, 1), script.Steps[7]);
        Assert.Equal([1L, 2L], Assert.IsType<ExpectChannelStep>(script.Steps[8]).Amounts);
        Assert.Empty(Assert.IsType<ExpectChannelStep>(script.Steps[9]).Amounts);
        Assert.Equal(new ExpectStatusStep(11, s, IsComplete: true), script.Steps[10]);
        Assert.Equal(new ExpectStatusStep(12, s, IsComplete: false), script.Steps[11]);
        Assert.Equal(new ExpectNowStep(13, q, 2), script.Steps[12]);
    }

    [Fact]
    public void Blanks_tabs_comments_and_both_line_ends_are_read()
    {
        var script = Script.Parse(
            "\uFEFF# a comment\r\n\r\n \t process\tP  2 \t# tokens\r\nprocess Q 1#no blank\n\t\n   # end");

        Assert.Equal("tokens", script.Application);
        Assert.Equal(
            [new ProcessStep(3, new("P"), "process 2"), new ProcessStep(4, new("Q"), "process 1")], script.Steps);
    }

    [Theory]
    [InlineData("frobnicate P", "unknown statement 'frobnicate'")]
    [InlineData("Process R 1", "unknown statement 'Process'")]
    [InlineData("\u001b[31mred", "unknown statement '?[31mred'")]
    [InlineData("process R", "'process NAME TOKENS' has 3 words, the line has 2")]
    [InlineData("process R 1 2", "has 3 words, the line has 4")]
    [InlineData("process R/1 1", "'R/1' is not a name")]
    [InlineData("process é 1", "'é' is not a name")]
    [InlineData("process R -1", "'-1' is not an amount: 0 to 9007199254740991")]
    [InlineData("process R 1.5", "'1.5' is not an amount")]
    [InlineData("process R +1", "'+1' is not an amount")]
    [InlineData("process R 1e3", "'1e3' is not an amount")]
    [InlineData("process R 9007199254740992", "is not an amount")]
    [InlineData("process R 99999999999999999999999", "is not an amount")]
    [InlineData("process R 9007199254740989", "all processes together hold more than")]
    [InlineData("process P 1", "the process P is declared twice")]
    [InlineData("channel P", "'channel SOURCE TARGET' has 3 words, the line has 2")]
    [InlineData("channel P X", "the process X is not declared here")]
    [InlineData("channel X P", "the process X is not declared here")]
    [InlineData("channel P P", "a channel cannot lead from P to itself")]
    [InlineData("channel P Q", "the channel P->Q is declared twice")]
    [InlineData("send P Q", "'send SOURCE TARGET AMOUNT' has 4 words, the line has 3")]
    [InlineData("send P Q 0", "'0' is not an amount: 1 to 9007199254740991")]
    [InlineData("send Q P 1", "the channel Q->P is not declared here")]
    [InlineData("send P X 1", "the process X is not declared here")]
    [InlineData("snapshot s1", "'snapshot NAME PROCESS' has 3 words, the line has 2")]
    [InlineData("snapshot s/1 P", "'s/1' is not a name")]
    [InlineData("snapshot now P", "no snapshot can be named 'now'")]
    [InlineData("snapshot s1 X", "the process X is not declared here")]
    [InlineData("deliver P", "'deliver SOURCE TARGET' has 3 words, the line has 2")]
    [InlineData("deliver Q P", "the channel Q->P is not declared here")]
    [InlineData("drain P", "'drain' has 1 words, the line has 2")]
    [InlineData("expect", "'expect' needs a snapshot or 'now'")]
    [InlineData("expect s1", "'expect' needs a snapshot or 'now'")]
    [InlineData("expect s2 complete", "no snapshot s2 has begun here")]
    [InlineData("expect s1 finished", "not 'finished'")]
    [InlineData("expect s1 complete now", "has 3 words, the line has 4")]
    [InlineData("expect s1 process P", "has 5 words, the line has 4")]
    [InlineData("expect s1 process X 1", "the process X is not declared here")]
    [InlineData("expect s1 channel P", "has 5 words, the line has 4")]
    [InlineData("expect s1 channel Q P", "the channel Q->P is not declared here")]
    [InlineData("expect s1 channel P Q 1 0", "'0' is not an amount")]
    [InlineData("expect now channel P Q", "'expect now' knows 'process', not 'channel'")]
    [InlineData("expect now process P", "has 5 words, the line has 4")]
    [InlineData("expect now process X 1", "the process X is not declared here")]
    public void A_bad_line_is_named_with_what_is_wrong(string line, string reason)
    {
        var exception = Assert.Throws<ScriptException>(() => Script.Parse(Prelude + line));

        Assert.Equal(5, exception.Line);
        Assert.StartsWith("line 5: ", exception.Message, StringComparison.Ordinal);
        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(exception.Message, char.IsControl);
    }

    [Fact]
    public void A_name_cannot_be_used_before_its_line()
    {
        int LineOf(string text) => Assert.Throws<ScriptException>(() => Script.Parse(text)).Line;

        Assert.Equal(1, LineOf("channel P Q\nprocess P 1\nprocess Q 1"));
        Assert.Equal(2, LineOf("process P 1\nexpect s complete\nsnapshot s P"));
    }
}
