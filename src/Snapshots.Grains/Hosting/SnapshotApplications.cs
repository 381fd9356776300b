using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Snapshots.Grains;

/// <summary>
/// The applications that this silo hosts: those of its grain classes with <see cref="SnapshotProcessAttribute"/>.
/// </summary>
internal sealed class SnapshotApplications(IOptions<GrainTypeOptions> grainTypes)
{
    public IReadOnlyList<string> Names { get; } = [.. grainTypes.Value.Classes
        .Select(ApplicationOf)
        .OfType<string>()
        .Distinct()
        .Order(StringComparer.Ordinal)];

    /// <summary>The grain class of an application, if there is one.</summary>
    public static Type? GrainOf(GrainTypeOptions grainTypes, string application) =>
        grainTypes.Classes.FirstOrDefault(type => ApplicationOf(type) == application);

    private static string? ApplicationOf(Type type) => type
        .GetCustomAttributes(typeof(SnapshotProcessAttribute), inherit: false)
        .Cast<SnapshotProcessAttribute>()
        .FirstOrDefault()?.Application;
}
