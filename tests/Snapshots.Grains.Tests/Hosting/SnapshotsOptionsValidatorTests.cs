using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Storage;
using Snapshots.Protocol;

namespace Snapshots.Grains.Tests;

public sealed class SnapshotsOptionsValidatorTests
{
    private static readonly Dictionary<string, Action<SnapshotsOptions>> Broken = new()
    {
        ["StorageName must name a grain storage provider"] = options => options.StorageName = " ",
        ["MaxOpenSnapshots must be at least 1"] = options => options.MaxOpenSnapshots = 0,
        ["RestBeforeListingEnds must be above zero"] = options => options.RestBeforeListingEnds = TimeSpan.Zero,
        ["KeepSnapshots must be at least 1"] = options => options.KeepSnapshots = 0,
        ["KeepSnapshotBytes must be at least 1"] = options => options.KeepSnapshotBytes = 0,
        ["MaxWaitForRoom must not be negative"] = options => options.MaxWaitForRoom = TimeSpan.FromTicks(-1),
        ["MaxWaitersForRoom must be at least 1"] = options => options.MaxWaitersForRoom = 0,
        ["StreamQueues must be at least 1"] = options => options.StreamQueues = 0,
        ["StreamPollPeriod must be above zero"] = options => options.StreamPollPeriod = TimeSpan.Zero,
        ["MaxFramesPerPacket must be at least 1"] = options => options.MaxFramesPerPacket = 0,
        ["MaxConcurrentAsks must be at least 1"] = options => options.MaxConcurrentAsks = 0,
        ["FlightRecorderEvents must be from 0 to 1000"] = options => options.FlightRecorderEvents = 1001,
        ["RestAfter must be from 1 millisecond to 24 hours, or null"] = options => options.RestAfter = TimeSpan.Zero,
        ["Limits.Window must be at least 1"] = options => options.Limits = new ProtocolLimits { Window = 0 },
        ["MaxOpenSnapshots must not be above Limits.MaxOpenRecordings"] = options => options.MaxOpenSnapshots = 65,
    };

    public static TheoryData<string> Rules { get; } = [.. Broken.Keys];

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_silo_with_a_broken_option_does_not_start_and_says_why(string rule)
    {
        var options = new SnapshotsOptions();
        Broken[rule](options);
        var exception = Assert.Throws<OrleansConfigurationException>(() => Validate(options));
        Assert.Equal($"SnapshotsOptions: {rule}.", exception.Message);
    }

    [Fact]
    public void Defaults_and_every_option_at_its_bound_work()
    {
        Validate(new SnapshotsOptions());
        Validate(new SnapshotsOptions
        {
            MaxOpenSnapshots = 64,
            KeepSnapshots = 1,
            KeepSnapshotBytes = 1,
            MaxWaitForRoom = TimeSpan.Zero,
            MaxWaitersForRoom = 1,
            StreamQueues = 1,
            StreamPollPeriod = TimeSpan.FromTicks(1),
            MaxFramesPerPacket = 1,
            MaxConcurrentAsks = 1,
            FlightRecorderEvents = 1000,
        });
    }

    [Fact]
    public void A_silo_without_the_grain_storage_says_which_one_to_add()
    {
        var exception = Assert.Throws<OrleansConfigurationException>(() => Validate(new SnapshotsOptions { StorageName = "mine" }, storage: "yours"));
        Assert.Equal(
            "SnapshotsOptions: StorageName is 'mine', and the silo has no grain storage of that name; "
                + "add one, such as AddMemoryGrainStorage(\"mine\").",
            exception.Message);
    }

    private static void Validate(SnapshotsOptions options, string storage = "snapshots") =>
        new SnapshotsOptionsValidator(Options.Create(options), new Storages(storage)).ValidateConfiguration();

    private sealed class Storages(string name) : IServiceProviderIsKeyedService
    {
        public bool IsKeyedService(Type serviceType, object? serviceKey) => serviceType == typeof(IGrainStorage) && (string?)serviceKey == name;

        public bool IsService(Type serviceType) => false;
    }
}
