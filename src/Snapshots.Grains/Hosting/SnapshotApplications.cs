using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Metadata;

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

    /// <summary>The type of the grains that host the processes of an application.</summary>
    public string GrainTypeOf(string application, IServiceProvider services) =>
        services.GetRequiredService<GrainTypeResolver>().GetGrainType(_classes[application].First()).ToString()!;

    /// <summary>What checks whether the states and messages of an application can be read.</summary>
    public ISourceCheck CheckOf(string application, IServiceProvider services)
    {
        var type = _classes[application].First();
        while (type is not { IsGenericType: true } || type.GetGenericTypeDefinition() != typeof(ProcessGrain<,>)) type = type.BaseType!;
        return (ISourceCheck)ActivatorUtilities.CreateInstance(services, typeof(SourceCheck<,>).MakeGenericType(type.GetGenericArguments()));
    }
}
