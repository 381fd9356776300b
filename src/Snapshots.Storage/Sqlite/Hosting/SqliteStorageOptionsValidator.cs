namespace Snapshots.Storage;

/// <summary>Stops the silo from starting with options that make no sense; each rule has its sentence.</summary>
internal sealed class SqliteStorageOptionsValidator(SqliteStorageOptions options, string name) : IConfigurationValidator
{
    public void ValidateConfiguration()
    {
        Require(
            !string.IsNullOrWhiteSpace(options.Directory) || options.OpenDirectory is not null,
            "Directory is required.");
        RequireRange(options.MaxGroupSize, StorageLimits.MaxGroupSize, nameof(options.MaxGroupSize));
        RequireRange(options.MaxQueuedWrites, StorageLimits.MaxQueuedWrites, nameof(options.MaxQueuedWrites));
        RequireRange(options.MaxStateBytes, StorageLimits.MaxStateBytes, nameof(options.MaxStateBytes));
        RequireRange(options.ReadConnections, StorageLimits.MaxReadConnections, nameof(options.ReadConnections));
        Require(
            options.BusyTimeout >= StorageLimits.MinBusyTimeout && options.BusyTimeout <= StorageLimits.MaxBusyTimeout,
            $"BusyTimeout must be 1 to 60 seconds, but is {options.BusyTimeout.TotalSeconds} seconds.");
    }

    private void RequireRange(int value, int max, string option) =>
        Require(value >= 1 && value <= max, $"{option} must be 1 to {max}, but is {value}.");

    private void Require(bool holds, string sentence)
    {
        if (!holds)
            throw new OrleansConfigurationException($"SQLite storage {name}: {sentence}");
    }
}
