using Orleans.Concurrency;
using Snapshots.Detection;
using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>Renders and checks snapshots in the silo that is asked.</summary>
[StatelessWorker]
[Reentrant]
internal sealed class SnapshotReaderGrain(
    SnapshotApplications applications, ApplicationReaders readers, SnapshotInstruments instruments)
    : Grain, ISnapshotReader
{
    private string Application => this.GetPrimaryKeyString();

    public Task<string[]> ListApplicationsAsync() => Task.FromResult(applications.Names.ToArray());

    public async Task<ReportSurrogate[]> RenderAsync(SnapshotNumber snapshot, int part, int page)
    {
        var reader = readers.Of(Application);
        var key = DirectoryKeys.Part(Application, snapshot, part);
        var reports = await GrainFactory.Get<ISnapshotPart>(key).ReadAsync(page);
        return Array.ConvertAll(reports, reader.Render);
    }

    public async Task<CheckResult[]> CheckAsync(SnapshotView snapshot, string[] names)
    {
        var client = new SnapshotClient(GrainFactory, Application);
        var results = await readers.Of(Application).CheckAsync(client, snapshot, names);
        foreach (var result in results.Where(result => result.Finding)) instruments.Found(Application, result.Name, 1);
        return results;
    }
}
