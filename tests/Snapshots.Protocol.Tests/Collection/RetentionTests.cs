namespace Snapshots.Protocol.Tests;

/// <summary>What the index keeps: pins, limits of the schedule, and bounds by number and bytes.</summary>
public sealed class RetentionTests
{
    private const long Hour = 3_600_000;
    private readonly IndexDriver _driver = new(maxOpen: 8, keep: 4);

    [Fact]
    public void The_newest_completed_snapshot_and_pinned_ones_are_kept_above_any_number()
    {
        _driver.Take("completed", SnapshotStatus.Completed);
        _driver.Take("pinned", SnapshotStatus.Aborted);
        Assert.True(_driver.Index.Pin(new("pinned"), isPinned: true)!.Pinned);
        for (var number = 0; number < 9; number++) _driver.Take($"s-{number}", SnapshotStatus.Aborted);
        Assert.Equal(["completed", "pinned", "s-7", "s-8"], _driver.Kept);
        _driver.Index.Pin(new("pinned"), isPinned: false);
        _driver.Take("newer", SnapshotStatus.Completed);
        _driver.Take("last", SnapshotStatus.Completed);
        Assert.Equal(["s-7", "s-8", "newer", "last"], _driver.Kept);
    }

    [Fact]
    public void A_pinned_snapshot_cannot_be_removed_and_stays_pinned_when_it_ends()
    {
        var begun = _driver.Begin("s");
        _driver.Index.Pin(begun.Id, isPinned: true);
        _driver.Settle();
        _driver.End(begun with { Status = SnapshotStatus.Completed }); // The collector knows of no pin.
        Assert.True(_driver.Index.Find(begun.Id)!.Pinned);
        Assert.False(_driver.Index.Remove(begun.Id));
        _driver.Index.Pin(begun.Id, isPinned: false);
        Assert.True(_driver.Index.Remove(begun.Id));
        Assert.Null(_driver.Index.Pin(begun.Id, isPinned: true));
    }

    [Fact]
    public void As_many_are_pinned_as_may_be_kept_and_no_more()
    {
        for (var number = 0; number < 5; number++) _driver.Begin($"s-{number}");
        for (var number = 0; number < 4; number++) Assert.True(_driver.Index.Pin(new($"s-{number}"), isPinned: true)!.Pinned);
        var revision = _driver.Index.Revision;
        Assert.False(_driver.Index.Pin(new("s-4"), isPinned: true)!.Pinned);
        Assert.True(_driver.Index.Pin(new("s-3"), isPinned: true)!.Pinned);
        Assert.Equal(revision, _driver.Index.Revision);
    }

    [Fact]
    public void A_safety_snapshot_begins_pinned() => Assert.Equal(
        (true, SnapshotOrigin.Safety),
        (_driver.Begin("s", SnapshotOrigin.Safety).Pinned, _driver.Index.Stored.Snapshots.Single().Origin));

    [Fact]
    public void Bytes_are_bounded_oldest_first_and_never_by_a_pinned_one()
    {
        var driver = new IndexDriver(maxOpen: 8, keep: 100, maxBytes: 100);
        driver.Take("pinned", SnapshotStatus.Completed, bytes: 60);
        driver.Index.Pin(new("pinned"), isPinned: true);
        driver.Take("a", SnapshotStatus.Completed, bytes: 10);
        driver.Take("b", SnapshotStatus.Aborted, bytes: 10);
        driver.Take("c", SnapshotStatus.Completed, bytes: 20);
        Assert.Equal(["pinned", "a", "b", "c"], driver.Kept);
        driver.Take("d", SnapshotStatus.Completed, bytes: 11); // One byte too many: two have to go.
        Assert.Equal(["pinned", "c", "d"], driver.Kept);
        driver.Take("e", SnapshotStatus.Completed, bytes: 1000);
        Assert.Equal(["pinned", "e"], driver.Kept);
        Assert.Equal([2, 3, 4, 5], driver.Deleted.Order().Select(number => number.Value));
    }

    [Fact]
    public void A_schedule_keeps_its_last_ones_and_failures_cost_no_completed_one()
    {
        var driver = new IndexDriver(maxOpen: 8, keep: 100);
        driver.Index.Set(new(TimeSpan.FromHours(1), KeepLast: 2, null), driver.WallMs);
        driver.Take("mine", SnapshotStatus.Completed);
        for (var hour = 0; hour < 4; hour++) driver.TakeScheduled(Hour, SnapshotStatus.Completed);
        for (var hour = 0; hour < 5; hour++) driver.TakeScheduled(Hour, SnapshotStatus.Aborted);
        Assert.Equal(["mine", "scheduled-4", "scheduled-5", "scheduled-9", "scheduled-10"], driver.Kept);
    }

    [Fact]
    public void A_schedule_keeps_for_a_time_but_the_newest_completed_one_always()
    {
        var driver = new IndexDriver(maxOpen: 8, keep: 100);
        driver.Index.Set(new(TimeSpan.FromHours(1), null, KeepFor: TimeSpan.FromHours(2)), driver.WallMs);
        driver.Take("mine", SnapshotStatus.Completed);
        for (var hour = 0; hour < 5; hour++) driver.TakeScheduled(Hour, SnapshotStatus.Completed);
        Assert.Equal(["mine", "scheduled-4", "scheduled-5", "scheduled-6"], driver.Kept);
        driver.Index.Set(new(TimeSpan.FromDays(1000), null, KeepFor: TimeSpan.FromHours(2)), driver.WallMs);
        driver.Pass(30 * 24 * Hour);
        Assert.Equal(["mine", "scheduled-6"], driver.Kept);
        driver.Index.Set(null, driver.WallMs);
        driver.Pass(30 * 24 * Hour);
        Assert.Equal(["mine", "scheduled-6"], driver.Kept);
    }
}
