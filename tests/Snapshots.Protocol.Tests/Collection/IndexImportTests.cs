namespace Snapshots.Protocol.Tests;

public sealed class IndexImportTests
{
    private const long Day = 86_400_000;
    private static readonly SnapshotSummary Source = new(
        new("s"), new(900), new(7), SnapshotStatus.Completed, new("a"), TimeSpan.FromSeconds(60), 1000, 2000, 3, 2, 1, string.Empty);

    private readonly IndexDriver _driver = new(maxOpen: 2, keep: 4);

    [Fact]
    public void An_import_gets_a_number_of_this_index_is_not_open_and_takes_reports_until_it_is_whole()
    {
        var begun = _driver.Index.Import(Source, _driver.WallMs)!;
        Assert.False(_driver.Index.IsImporting(begun.Number)); // Not before it is stored.
        _driver.Settle();
        Assert.Equal((new SnapshotNumber(1), new SnapshotId("s"), new Epoch(7)), (begun.Number, begun.Id, begun.Epoch));
        Assert.True(_driver.Index.IsImporting(begun.Number));
        Assert.Empty(_driver.Index.Announcement.Open);
        Assert.True(_driver.Index.Announcement.HasEnded(begun.Number));

        var whole = _driver.Index.Imported(begun.Number, endedAtMs: 2000, bytes: 50)!;
        Assert.Equal((SnapshotStatus.Completed, 2000L, 50L), (whole.Status, whole.EndedAtMs, whole.Bytes));
        Assert.Equal(whole, _driver.Index.Imported(begun.Number, endedAtMs: 9, bytes: 9)); // Said again.
        _driver.Settle();
        Assert.False(_driver.Index.IsImporting(begun.Number));
        Assert.Equal(new SnapshotNumber(2), _driver.Begin("next").Number);
    }

    [Fact]
    public void An_id_that_is_in_use_is_not_taken()
    {
        _driver.Take("s", SnapshotStatus.Completed);
        _driver.Take("imported-3", SnapshotStatus.Completed);
        Assert.Equal("imported-3x", _driver.Index.Import(Source, _driver.WallMs)!.Id.Value);
    }

    [Fact]
    public void An_import_that_does_not_end_is_dropped_after_a_day_and_not_before()
    {
        var begun = _driver.Index.Import(Source, _driver.WallMs)!;
        for (var number = 0; number < 9; number++) _driver.Take($"t-{number}", SnapshotStatus.Completed);
        _driver.Pass(Day);
        Assert.Contains("s", _driver.Kept);
        _driver.Pass(1000);
        Assert.DoesNotContain("s", _driver.Kept);
        Assert.Contains(begun.Number, _driver.Deleted);
        Assert.Null(_driver.Index.Imported(begun.Number, 0, 0));
    }

    [Fact]
    public void Imports_are_bounded_and_can_be_removed()
    {
        Assert.NotNull(_driver.Index.Import(Source, _driver.WallMs));
        Assert.NotNull(_driver.Index.Import(Source, _driver.WallMs));
        Assert.Null(_driver.Index.Import(Source, _driver.WallMs));
        _driver.Settle();
        Assert.True(_driver.Index.Remove(Source.Id));
        Assert.NotNull(_driver.Index.Import(Source, _driver.WallMs));
    }

    [Fact]
    public void What_is_not_completed_or_of_no_epoch_is_refused_and_nothing_changes()
    {
        foreach (var wrong in new[]
        {
            Source with { Status = SnapshotStatus.Running },
            Source with { Epoch = default },
            Source with { Epoch = new(long.MaxValue) },
            Source with { Id = default },
        })
        {
            Assert.Throws<ArgumentException>(() => _driver.Index.Import(wrong, _driver.WallMs));
        }

        Assert.Equal(1, _driver.Index.Revision);
    }
}
