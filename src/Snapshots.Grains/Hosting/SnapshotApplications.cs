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
        _classes = grainTypes.Value.Classes.Where(type => ApplicationOf(type) is not null)
            .ToLookup(type => ApplicationOf(type)!, StringComparer.Ordinal);
        Names = [.. _classes.Select(application => application.Key).Order(StringComparer.Ordinal)];
    }

    public IReadOnlyList<string> Names { get; }

    /// <summary>The grain class of an application, if there is one.</summary>
    public static Type? GrainOf(GrainTypeOptions grainTypes, string application) =>
        grainTypes.Classes.FirstOrDefault(type => ApplicationOf(type) == application);

    /// <inheritdoc/>
    public void ValidateConfiguration()
    {
        foreach (var application in _classes.Where(classes => classes.Skip(1).Any()))
        {
            var names = string.Join(" and ", application.Select(type => type.FullName).Order(StringComparer.Ordinal));
            throw new OrleansConfigurationException(
                $"The application '{application.Key}' has more than one grain class: {names}. Both would take every "
                    + $"message. Give each its own name in [{nameof(SnapshotProcessAttribute)}], or remove one.");
        }
    }

    private static string? ApplicationOf(Type type) => type
        .GetCustomAttributes(typeof(SnapshotProcessAttribute), inherit: false)
        .Cast<SnapshotProcessAttribute>()
        .FirstOrDefault()?.Application;
}
