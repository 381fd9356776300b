using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Serialization.Cloning;
using Snapshots.Protocol;

namespace Snapshots.Grains.Tests;

/// <summary>Core types are immutable: a call within a silo hands them over as they are.</summary>
public sealed class CoreCopierTests
{
    /// <summary>Every type that has a wire form of its own.</summary>
    public static TheoryData<Type> Converted =>
    [
        .. typeof(SnapshotClient).Assembly.GetTypes().SelectMany(type => type.GetInterfaces())
            .Where(each => each.IsGenericType && each.GetGenericTypeDefinition() == typeof(IConverter<,>))
            .Select(each => each.GetGenericArguments()[0]),
    ];

    [Theory]
    [MemberData(nameof(Converted))]
    public void No_core_type_is_copied_by_way_of_its_wire_form(Type type)
    {
        using var services = new ServiceCollection().AddSerializer().BuildServiceProvider();
        var copier = services.GetRequiredService<IDeepCopierProvider>().GetDeepCopier(type);
        Assert.True(copier is IOptionalDeepCopier optional && optional.IsShallowCopyable(), $"{type.Name} is copied by {copier.GetType().Name}");
    }

    [Fact]
    public void A_copy_is_the_object_itself()
    {
        using var services = new ServiceCollection().AddSerializer().BuildServiceProvider();
        var announcement = new SnapshotAnnouncement(new(2), [new(1)]);
        Assert.Same(announcement, services.GetRequiredService<DeepCopier<SnapshotAnnouncement>>().Copy(announcement));
    }
}
