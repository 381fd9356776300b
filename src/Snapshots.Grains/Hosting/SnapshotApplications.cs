using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Snapshots.Grains;

/// <summary>
/// The applications that this silo hosts: those of its grain classes with <see cref="SnapshotProcessAttribute"/>. Stops
/// a silo from starting with two classes for one application: both would take every message.
/// </summary>
internal sealed class SnapshotApplications : IConfigurationValidator
{
    private readonly ILookup<string, Type> _classes;

    public SnapshotApplications(IOptions<GrainTypeOptions> grainTypes)
    {
        _classes = grainTypes.Value.Classes
            .SelectMany(type => type.GetCustomAttributes(typeof(SnapshotProcessAttribute), inherit: false)
                .Select(attribute => (Type: type, ((SnapshotProcessAttribute)attribute).Application)))
            .ToLookup(each => each.Application, each => each.Type, StringComparer.Ordinal);
        Names = [.. _classes.Select(application => application.Key).Order(StringComparer.Ordinal)];
    }

    public IReadOnlyList<string> Names { get; }

    /// <inheritdoc/>
    public void ValidateConfiguration()
    {
        foreach (var application in _classes.Where(classes => classes.Distinct().Skip(1).Any()))
        {
            var names = string.Join(" and ", application.Distinct().Select(type => type.FullName).Order(StringComparer.Ordinal));
            throw new OrleansConfigurationException(
                $"The application '{application.Key}' has more than one grain class: {names}. Both would take every "
                    + $"message. Give each its own name in [{nameof(SnapshotProcessAttribute)}], or remove one.");
        }
    }
}
