using System.Collections.Immutable;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Snapshots.Grains;
using Snapshots.Samples;

namespace Snapshots.Bank.Hosting;

/// <summary>Which applications a silo hosts.</summary>
public static class HostedApplications
{
    /// <summary>The applications of the silo host: the bank and two samples.</summary>
    public static ImmutableArray<string> All { get; } =
        [BankApplication.Name, LocksApplication.Name, ObjectsApplication.Name];

    /// <summary>Takes the grain classes of all other applications out of a silo.</summary>
    internal static void Restrict(ISiloBuilder silo, ImmutableArray<string> applications) =>
        silo.Services.PostConfigure<GrainTypeOptions>(types => types.Classes.RemoveWhere(type =>
            type.GetCustomAttribute<SnapshotProcessAttribute>() is { } process
            && !applications.Contains(process.Application)));
}
