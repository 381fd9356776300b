using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Snapshots.Grains;

/// <summary>
/// The journals of <see cref="SnapshotsOptions.StorageName"/>: those that are registered under that name, or else the
/// grain storage of that name, whole row by whole row.
/// </summary>
internal sealed class SnapshotJournals(
    IServiceProvider services,
    IOptions<SnapshotsOptions> options,
    SnapshotStorage storage,
    ILogger<GrainStorageJournals> logger)
{
    private readonly IProcessJournals _journals = services.GetKeyedService<IProcessJournals>(options.Value.StorageName)
        ?? new GrainStorageJournals(storage, logger);

    /// <summary>The journal of one activation.</summary>
    public ProcessJournal Open(GrainId process) => new(_journals.Open(process), process);
}
