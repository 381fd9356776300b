namespace Snapshots.Protocol.Tests;

public sealed class JournalSizeTests
{
    private static readonly ParticipantOptions Options = ParticipantOptions.Default;

    [Fact]
    public void The_first_write_is_a_checkpoint()
    {
        var size = new JournalSize(Options, stored: null);
        Assert.Equal((false, true, false), (size.IsStored, size.IsWorthCheckpoint, size.IsWorthCheckpointOnLeave));
        size.Replaced(10);
        Assert.Equal((true, false, false), (size.IsStored, size.IsWorthCheckpoint, size.IsWorthCheckpointOnLeave));
    }

    [Theory]
    [InlineData(0, 32 * 1024)]
    [InlineData(16 * 1024, 32 * 1024)]
    [InlineData(50_000, 100_000)]
    [InlineData(int.MaxValue, 2L * int.MaxValue)]
    public void Entries_are_worth_a_checkpoint_at_twice_its_bytes_and_32_KiB(int checkpoint, long entries)
    {
        Assert.False(new JournalSize(Options, new(checkpoint, 1, entries - 1)).IsWorthCheckpoint);
        Assert.True(new JournalSize(Options, new(checkpoint, 1, entries)).IsWorthCheckpoint);
    }

    [Fact]
    public void There_are_never_more_than_1024_entries()
    {
        var size = new JournalSize(Options, new(1_000_000, 1022, 0));
        size.Appended(1);
        Assert.False(size.IsWorthCheckpoint);
        size.Appended(1);
        Assert.True(size.IsWorthCheckpoint);
        size.Replaced(1_000_000);
        Assert.False(size.IsWorthCheckpoint);
    }

    [Fact]
    public void A_process_that_leaves_makes_a_checkpoint_of_4_KiB_of_entries()
    {
        var size = new JournalSize(Options, new(1_000_000, 1, 4095));
        Assert.False(size.IsWorthCheckpointOnLeave);
        size.Appended(1);
        Assert.True(size.IsWorthCheckpointOnLeave);
        Assert.False(new JournalSize(Options with { TakesEntries = false }, new(1, 0, 4096)).IsWorthCheckpointOnLeave);
    }
}
