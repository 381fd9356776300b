using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Storage;
using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>Stops a silo from starting with options that cannot work.</summary>
internal sealed class SnapshotsOptionsValidator(IOptions<SnapshotsOptions> options, IServiceProviderIsKeyedService services)
    : IConfigurationValidator
{
    public void ValidateConfiguration()
    {
        var value = options.Value;
        Require(!string.IsNullOrWhiteSpace(value.StorageName), $"{nameof(value.StorageName)} must name a grain storage provider");
        if (!services.IsKeyedService(typeof(IGrainStorage), value.StorageName))
        {
            throw Invalid(
                $"{nameof(value.StorageName)} is '{value.StorageName}', and the silo has no grain storage of that name; "
                    + $"add one, such as AddMemoryGrainStorage(\"{value.StorageName}\")");
        }

        Require(value.MaxOpenSnapshots >= 1, $"{nameof(value.MaxOpenSnapshots)} must be at least 1");
        Require(value.KeepSnapshots >= 1, $"{nameof(value.KeepSnapshots)} must be at least 1");
        Require(value.KeepSnapshotBytes >= 1, $"{nameof(value.KeepSnapshotBytes)} must be at least 1");
        Require(value.MaxProcessesByMessage >= 0, $"{nameof(value.MaxProcessesByMessage)} must not be negative");
        Require(value.MaxWaitForRoom >= TimeSpan.Zero, $"{nameof(value.MaxWaitForRoom)} must not be negative");
        Require(value.MaxWaitersForRoom >= 1, $"{nameof(value.MaxWaitersForRoom)} must be at least 1");
        Require(value.StreamQueues >= 1, $"{nameof(value.StreamQueues)} must be at least 1");
        Require(value.StreamPollPeriod > TimeSpan.Zero, $"{nameof(value.StreamPollPeriod)} must be above zero");
        Require(value.MaxFramesPerPacket >= 1, $"{nameof(value.MaxFramesPerPacket)} must be at least 1");
        Require(value.RestBeforeListingEnds > TimeSpan.Zero, $"{nameof(value.RestBeforeListingEnds)} must be above zero");
        Require(
            value.RestAfter is null || (value.RestAfter >= TimeSpan.FromMilliseconds(1) && value.RestAfter <= SnapshotsOptions.MaxRestAfter),
            $"{nameof(value.RestAfter)} must be from 1 millisecond to {SnapshotsOptions.MaxRestAfter.TotalHours:0} hours, or null");
        Require(
            value.FlightRecorderEvents is >= 0 and <= FlightRecorder.MaxCapacity,
            $"{nameof(value.FlightRecorderEvents)} must be from 0 to {FlightRecorder.MaxCapacity}");
        Require(value.MaxConcurrentAsks >= 1, $"{nameof(value.MaxConcurrentAsks)} must be at least 1");
        Require(
            value.KeyRetention.TotalMilliseconds is >= 1 and <= RequestLimits.MaxKeyRetentionMs,
            $"{nameof(value.KeyRetention)} must be from 1 millisecond to 3650 days");
        try
        {
            value.Limits.Validate();
        }
        catch (ArgumentException exception)
        {
            throw Invalid($"{nameof(value.Limits)}.{exception.Message}");
        }

        Require(
            value.MaxOpenSnapshots <= value.Limits.MaxOpenRecordings,
            $"{nameof(value.MaxOpenSnapshots)} must not be above {nameof(value.Limits)}.{nameof(value.Limits.MaxOpenRecordings)}");
    }

    private static void Require(bool holds, string rule)
    {
        if (!holds) throw Invalid(rule);
    }

    private static OrleansConfigurationException Invalid(string rule) => new($"{nameof(SnapshotsOptions)}: {rule}.");
}
