using Snapshots.Protocol;

namespace Snapshots.Grains.Tests;

/// <summary>A message at which the application throws blocks its own channel, and is reported.</summary>
public sealed class HandlerFailureTests(LoggedCluster cluster) : IClassFixture<LoggedCluster>
{
    [Fact]
    public async Task A_handler_that_throws_is_one_error_with_type_and_process_and_the_reason_of_the_abort()
    {
        await cluster.OpenAsync("from", "other");
        await cluster.Letters("from").SendAsync(new("to"), 1, LetterApplication.Impossible, 2);
        await cluster.Letters("other").SendAsync(new("to"), 7);
        await cluster.UntilTakenAsync("to", 1, 7);

        await cluster.BeginAsync("blocked", TimeSpan.FromMinutes(10));
        var end = (await cluster.EndOfAsync("blocked")).Summary;
        Assert.Equal(
            (SnapshotStatus.Aborted, "The handler of letters/to throws at message 2 of from, a Letter: NotSupportedException: no such letter"),
            (end.Status, end.Reason));

        // It has come again by now: it is sent again after 100 ms, and no abort is that fast.
        var line = Assert.Single(cluster.Errors);
        Assert.StartsWith("The handler of to throws at message 2 of from, a Letter.", line, StringComparison.Ordinal);
        Assert.Equal([1, 7], (await cluster.Letters("to").GetAsync()).Taken);
    }

    [Fact]
    public async Task A_grain_whose_key_is_no_identifier_says_what_a_key_is()
    {
        var refused = await Assert.ThrowsAsync<ArgumentException>(() => cluster.Letters("user@example.com").DepositAsync(1));
        Assert.Equal(
            "'user@example.com' cannot be a process: the key of its grain is 1 to 64 of letters, digits, . _ - :", refused.Message);
    }
}
