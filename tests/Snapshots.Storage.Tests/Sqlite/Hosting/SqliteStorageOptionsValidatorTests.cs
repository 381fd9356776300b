namespace Snapshots.Storage.Tests;

public sealed class SqliteStorageOptionsValidatorTests
{
    [Fact]
    public void The_defaults_with_a_directory_are_valid() => Validate(_ => { });

    [Fact]
    public void Values_at_their_bounds_are_valid()
    {
        Validate(o => (o.MaxGroupSize, o.MaxQueuedWrites, o.MaxStateBytes, o.ReadConnections) = (1, 1, 1, 1));
        Validate(o => (o.MaxGroupSize, o.MaxQueuedWrites) = (100_000, 1_000_000));
        Validate(o => (o.MaxStateBytes, o.ReadConnections) = (536_870_912, 64));
        Validate(o => o.BusyTimeout = TimeSpan.FromSeconds(1));
        Validate(o => o.BusyTimeout = TimeSpan.FromSeconds(60));
    }

    [Fact]
    public void The_directory_is_required()
    {
        AssertRefused(o => o.Directory = null, "Directory is required.");
        AssertRefused(o => o.Directory = " ", "Directory is required.");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100_001)]
    public void The_group_size_has_bounds(int value) =>
        AssertRefused(o => o.MaxGroupSize = value, $"MaxGroupSize must be 1 to 100000, but is {value}.");

    [Theory]
    [InlineData(0)]
    [InlineData(1_000_001)]
    public void The_queue_has_bounds(int value) =>
        AssertRefused(o => o.MaxQueuedWrites = value, $"MaxQueuedWrites must be 1 to 1000000, but is {value}.");

    [Theory]
    [InlineData(0)]
    [InlineData(536_870_913)]
    public void The_state_has_bounds(int value) =>
        AssertRefused(o => o.MaxStateBytes = value, $"MaxStateBytes must be 1 to 536870912, but is {value}.");

    [Theory]
    [InlineData(0)]
    [InlineData(65)]
    public void The_read_connections_have_bounds(int value) =>
        AssertRefused(o => o.ReadConnections = value, $"ReadConnections must be 1 to 64, but is {value}.");

    [Theory]
    [InlineData(0.5)]
    [InlineData(60.5)]
    public void The_busy_timeout_has_bounds(double value) => AssertRefused(
        o => o.BusyTimeout = TimeSpan.FromSeconds(value),
        $"BusyTimeout must be 1 to 60 seconds, but is {value} seconds.");

    private static void Validate(Action<SqliteStorageOptions> change)
    {
        var options = new SqliteStorageOptions { Directory = "data" };
        change(options);
        new SqliteStorageOptionsValidator(options, "name").ValidateConfiguration();
    }

    private static void AssertRefused(Action<SqliteStorageOptions> change, string sentence)
    {
        var refused = Assert.Throws<OrleansConfigurationException>(() => Validate(change));
        Assert.Equal("SQLite storage name: " + sentence, refused.Message);
    }
}
