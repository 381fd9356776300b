using Snapshots.Detection;
using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>
/// Reads completed snapshots where the types of the application are known, for those who do not know them. Its key is
/// the application.
/// </summary>
[ForClients]
[Alias("snapshots.ISnapshotReader")]
public interface ISnapshotReader : IGrainWithStringKey
{
    /// <summary>The applications that this silo hosts, in ordinal order.</summary>
    [Alias("applications")]
    Task<string[]> ListApplicationsAsync();

    /// <summary>
    /// One page of <see cref="ISnapshotPart.ReadAsync"/>: in place of a stored state its JSON in UTF-8, in place of each
    /// stored message a JSON object, and no memory of request keys.
    /// </summary>
    /// <exception cref="NotSupportedException">
    /// The silo does not host the application, or something has no JSON form.
    /// </exception>
    [Alias("render")]
    Task<ReportSurrogate[]> RenderAsync(SnapshotNumber snapshot, int part, int page);

    /// <summary>
    /// Runs the application's checks of those names on a completed snapshot, in ordinal order; all if none is named.
    /// </summary>
    /// <exception cref="KeyNotFoundException">The application declares no check of a name.</exception>
    /// <exception cref="InvalidOperationException">
    /// The snapshot is not completed, or what is stored does not prove its certificate.
    /// </exception>
    /// <exception cref="NotSupportedException">The silo does not host the application.</exception>
    [Alias("check")]
    Task<CheckResult[]> CheckAsync(SnapshotView snapshot, string[] names);
}
