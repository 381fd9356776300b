namespace Snapshots.Protocol.Tests;

public sealed class HandlerExceptionTests
{
    [Fact]
    public void It_names_the_message_and_what_was_thrown_in_one_line()
    {
        var failure = new HandlerException(
            new(new("from"), new("to")), new(7), "Letter", new InvalidOperationException("two\nlines"));
        Assert.Equal("message 7 of from, a Letter", failure.Subject);
        Assert.Equal("InvalidOperationException: two lines", failure.Reason);
    }
}
