namespace Snapshots.Grains.Tests;

public sealed class DurabilityWaitersTests
{
    private readonly DurabilityWaiters _waiters = new();

    [Fact]
    public async Task A_caller_waits_for_its_revision_and_no_longer()
    {
        var first = _waiters.WaitAsync(3, "first");
        var second = _waiters.WaitAsync(5, "second");
        _waiters.Release(2);
        Assert.False(first.IsCompleted);
        _waiters.Release(4);
        Assert.Equal("first", await first);
        Assert.False(second.IsCompleted);
        _waiters.Release(5);
        Assert.Equal("second", await second);
    }

    [Fact]
    public async Task A_failure_reaches_all_that_wait_and_none_that_comes_later()
    {
        var waiting = _waiters.WaitAsync(1);
        _waiters.Fail(new InvalidOperationException("not stored"));
        Assert.Equal("not stored", (await Assert.ThrowsAsync<InvalidOperationException>(() => waiting)).Message);
        var later = _waiters.WaitAsync(2);
        _waiters.Release(2);
        await later;
    }
}
