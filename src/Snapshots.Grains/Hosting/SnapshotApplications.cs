using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Snapshots.Grains;

/// <summary>
/// The applications that this silo hosts: those of its grain classes with <see cref="SnapshotProcessAttribute"/>.
/// </summary>
internal sealed class SnapshotApplications(IOptions<GrainTypeOptions> grainTypes)
{
    public IReadOnlyList<string> Names { get; } = [.. grainTypes.Value.Classes
        .SelectMany(type => type.GetCustomAttributes(typeof(SnapshotProcessAttribute), inherit: false))
        .Select(attribute => ((SnapshotProcessAttribute)attribute).Application)
        .Distinct()
        .Order(StringComparer.Ordinal)];
}
