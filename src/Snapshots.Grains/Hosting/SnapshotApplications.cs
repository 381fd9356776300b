using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Metadata;
using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>
/// The applications that this silo hosts: those of its grain classes with <see cref="SnapshotProcessAttribute"/>.
/// </summary>
internal sealed class SnapshotApplications
{
    private readonly Dictionary<string, Type> _classes = [];

    public SnapshotApplications(IOptions<GrainTypeOptions> grainTypes)
    {
        foreach (var type in grainTypes.Value.Classes)
        {
            foreach (var attribute in type.GetCustomAttributes(typeof(SnapshotProcessAttribute), inherit: false))
            {
                _classes[((SnapshotProcessAttribute)attribute).Application] = type;
            }
        }

        Names = [.. _classes.Keys.Order(StringComparer.Ordinal)];
    }

    public IReadOnlyList<string> Names { get; }

    /// <summary>The type of the grains that host the processes of an application.</summary>
    public string GrainTypeOf(string application, IServiceProvider services) =>
        services.GetRequiredService<GrainTypeResolver>().GetGrainType(_classes[application]).ToString()!;

    /// <summary>What checks whether the states and messages of an application can be read.</summary>
    public ISourceCheck CheckOf(string application, IServiceProvider services)
    {
        var type = _classes[application];
        while (type is not { IsGenericType: true } || type.GetGenericTypeDefinition() != typeof(ProcessGrain<,>)) type = type.BaseType!;
        return (ISourceCheck)ActivatorUtilities.CreateInstance(services, typeof(SourceCheck<,>).MakeGenericType(type.GetGenericArguments()));
    }
}
