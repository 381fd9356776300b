using CsCheck;
using static Snapshots.Protocol.Tests.Given;

namespace Snapshots.Protocol.Tests;

public sealed class SnapshotAnnouncementTests
{
    private static readonly Gen<SnapshotAnnouncement> Announcements =
        from highest in Gen.Long[0, 8]
        from open in Gen.Long[1, 8].Array[0, 8]
        select Announcement(highest, [.. open.Where(number => number <= highest)]);

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    [InlineData(4, false)]
    public void Ended_is_what_was_given_out_and_is_not_open(long number, bool ended) =>
        Assert.Equal(ended, Announcement(3, 2).HasEnded(Snapshot(number)));

    [Fact]
    public void Nothing_that_was_given_out_has_ended_before_any_number_was() =>
        Assert.False(SnapshotAnnouncement.None.HasEnded(Snapshot(1)));

    [Fact]
    public void The_highest_may_be_open_and_one_above_it_not()
    {
        Assert.False(Announcement(3, 3).HasEnded(Snapshot(3)));
        Assert.Throws<ArgumentException>(() => Announcement(3, 4));
    }

    [Fact]
    public void The_number_that_is_no_snapshot_cannot_be_open() => Assert.Throws<ArgumentException>(() => Announcement(3, 0));

    [Fact]
    public void An_old_announcement_that_comes_late_opens_nothing_anew()
    {
        var known = Announcement(5, 4).Merge(Announcement(3, 1, 2));
        Assert.Equal(Announcement(5, 4), known);
    }

    [Fact]
    public void A_slow_snapshot_overtaken_by_fast_ones_stays_open()
    {
        var known = Announcement(1, 1).Merge(Announcement(4, 1));
        Assert.False(known.HasEnded(Snapshot(1)));
        Assert.True(known.HasEnded(Snapshot(3)));
    }

    [Fact]
    public void Equality_is_by_content()
    {
        Assert.Equal(Announcement(3, 1, 2), Announcement(3, 2, 1));
        Assert.Equal(Announcement(3, 1, 2).GetHashCode(), Announcement(3, 2, 1).GetHashCode());
        Assert.NotEqual(Announcement(3, 1), Announcement(3, 2));
        Assert.NotEqual(Announcement(3, 1), Announcement(4, 1));
        Assert.False(Announcement(3).Equals((object?)null));
        Assert.False(Announcement(3).Equals((object)"3"));
    }

    [Fact]
    public void The_text_tells_both() => Assert.Equal("3 open 1,2", Announcement(3, 2, 1).ToString());

    [Fact]
    public void Merge_is_commutative_associative_and_idempotent() =>
        Gen.Select(Announcements, Announcements, Announcements).Sample((a, b, c) =>
        {
            Assert.Equal(a.Merge(b), b.Merge(a));
            Assert.Equal(a.Merge(b).Merge(c), a.Merge(b.Merge(c)));
            Assert.Equal(a, a.Merge(a));
        });

    [Fact]
    public void Merged_has_ended_is_what_either_knows_to_have_ended() =>
        Gen.Select(Announcements, Announcements, Gen.Long[1, 9]).Sample((a, b, number) => Assert.Equal(
            a.HasEnded(Snapshot(number)) || b.HasEnded(Snapshot(number)),
            a.Merge(b).HasEnded(Snapshot(number))));
}
