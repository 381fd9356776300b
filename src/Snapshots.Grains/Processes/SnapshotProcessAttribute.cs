using System.Reflection;
using Orleans.Metadata;
using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>
/// Marks the grain class that hosts the processes of one application, and subscribes it to their inbox streams: one
/// stream per process, with the process's id as key. The grain type is the application's name unless the class has a
/// <see cref="GrainTypeAttribute"/>: so a class that gets another name still finds its stored processes.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class SnapshotProcessAttribute : ImplicitStreamSubscriptionAttribute, IGrainTypeProviderAttribute
{
    private const string NamespacePrefix = "snapshots.";

    /// <summary>Names the application; snapshots are taken of one application at a time.</summary>
    /// <exception cref="ArgumentException">The name is not an <see cref="Identifier"/>.</exception>
    public SnapshotProcessAttribute(string application)
        : base(NamespaceOf(application)) => Application = application;

    /// <summary>The application's name.</summary>
    public string Application { get; }

    /// <inheritdoc/>
    GrainType IGrainTypeProviderAttribute.GetGrainType(IServiceProvider services, Type type) =>
        type.GetCustomAttribute<GrainTypeAttribute>(inherit: false)?.GetGrainType(services, type) ?? GrainType.Create(Application);

    /// <summary>The namespace of the inbox streams of an application.</summary>
    internal static string NamespaceOf(string application) =>
        NamespacePrefix + Identifier.Validate(application, nameof(application));
}
