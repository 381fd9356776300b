using Microsoft.Extensions.DependencyInjection;

namespace Snapshots.Grains.Tests;

/// <summary>Every report is seen, and no part of a collection asks a process to record.</summary>
public sealed class UnaskedReportCluster : ReportCluster
{
    private protected override void Configure(SnapshotsOptions options) => options.AskProcesses = false;

    private protected override void Configure(ISiloBuilder silo)
    {
        base.Configure(silo);
        silo.Services.AddSingleton<IIncomingGrainCallFilter, AsksNobody>();
    }
}

/// <summary>What parts of collections ask of processes does not arrive.</summary>
internal sealed class AsksNobody : IIncomingGrainCallFilter
{
    public Task Invoke(IIncomingGrainCallContext context) =>
        context.Grain is ISnapshotProcess
        && context.MethodName == nameof(ISnapshotProcess.RecordAsync)
        && context.SourceId is { } source
        && source.Type.ToString() == "snapshotpart"
            ? Task.CompletedTask
            : context.Invoke();
}
