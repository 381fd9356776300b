using Orleans.Concurrency;
using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>Renders pages of snapshots in the silo that is asked.</summary>
[StatelessWorker]
[Reentrant]
internal sealed class SnapshotReaderGrain(SnapshotApplications applications, ReportRenderers renderers)
    : Grain, ISnapshotReader
{
    public Task<string[]> ListApplicationsAsync() => Task.FromResult(applications.Names.ToArray());

    public async Task<ReportSurrogate[]> RenderAsync(SnapshotNumber snapshot, int part, int page)
    {
        var application = this.GetPrimaryKeyString();
        var renderer = renderers.Of(application);
        var key = DirectoryKeys.Part(application, snapshot, part);
        var reports = await GrainFactory.GetGrain<ISnapshotPart>(key).ReadAsync(page);
        return Array.ConvertAll(reports, renderer.Render);
    }
}
