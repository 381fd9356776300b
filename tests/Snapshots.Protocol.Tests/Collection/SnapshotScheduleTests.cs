namespace Snapshots.Protocol.Tests;

public sealed class SnapshotScheduleTests
{
    private const long Set = 1_000_000;
    private static readonly SnapshotSchedule EveryMinute = new(TimeSpan.FromMinutes(1), null, null);
    private static readonly ScheduleRecord Record = ScheduleRecord.Set(EveryMinute, before: null, Set);

    [Theory]
    [InlineData(0, null, 60_000)]
    [InlineData(59_999, null, 60_000)]
    [InlineData(60_000, 60_000L, 60_000)]
    [InlineData(90_000, 60_000L, 60_000)] // At the bound of what is missed, and one past it.
    [InlineData(90_001, null, 120_000)]
    [InlineData(600_000, 600_000L, 600_000)] // Of all that were missed only the last one is due.
    [InlineData(-5, null, 60_000)]
    public void A_time_is_due_until_it_is_missed(long passedMs, long? dueMs, long nextMs)
    {
        Assert.Equal(dueMs + Set, Record.DueMs(Set + passedMs));
        Assert.Equal(nextMs + Set, Record.NextMs(Set + passedMs));
    }

    [Fact]
    public void A_time_is_due_once()
    {
        var reached = Record with { ReachedMs = Set + 60_000 };
        Assert.Null(reached.DueMs(Set + 60_001));
        Assert.Equal(Set + 120_000, reached.NextMs(Set + 60_001));
        Assert.Equal(Set + 120_000, reached.DueMs(Set + 120_000));
    }

    [Fact]
    public void A_clock_that_is_set_back_does_not_stop_the_schedule()
    {
        var dayAhead = Record with { ReachedMs = Set + 86_400_000 };
        var right = dayAhead.At(Set + 61_000);
        Assert.Null(right.DueMs(Set + 61_000)); // Perhaps it was taken: the next one is.
        Assert.Equal(Set + 120_000, right.DueMs(Set + 120_000));
        Assert.Equal(Record with { SetAtMs = Set, ReachedMs = Set - 60_000 }, Record.At(Set - 86_400_000) with { ReachedMs = Set - 60_000 });
        Assert.Equal(Set - 86_400_000 + 60_000, Record.At(Set - 86_400_000).NextMs(Set - 86_400_000));
        Assert.Same(Record, Record.At(Set - 1000));
    }

    [Fact]
    public void A_schedule_of_the_same_times_goes_on_with_them()
    {
        var other = EveryMinute with { KeepLast = 3 };
        Assert.Equal(Record with { Schedule = other }, ScheduleRecord.Set(other, Record, Set + 7));
        var slower = EveryMinute with { Every = TimeSpan.FromHours(1) };
        Assert.Equal(new ScheduleRecord(slower, Set + 7, Set + 7), ScheduleRecord.Set(slower, Record, Set + 7));
    }

    [Theory]
    [InlineData(0.999, null, null, "every is 00:00:00.9990000: it must be from 1 second to 3650 days")]
    [InlineData(3650 * 86400.0 + 1, null, null, "every is 3650.00:00:01: it must be from 1 second to 3650 days")]
    [InlineData(1, 0, null, "keep-last is 0: it must be at least 1")]
    [InlineData(1, null, 0.5, "keep-for is 00:00:00.5000000: it must be from 1 second to 3650 days")]
    public void A_schedule_that_cannot_be_is_refused(double every, int? keepLast, double? keepFor, string message)
    {
        var schedule = new SnapshotSchedule(
            TimeSpan.FromSeconds(every), keepLast, keepFor is { } time ? TimeSpan.FromSeconds(time) : null);
        Assert.Equal(message, Assert.Throws<ArgumentException>(schedule.Validate).Message);
        new SnapshotSchedule(SnapshotSchedule.MinEvery, 1, SnapshotSchedule.MaxTime).Validate();
    }
}
