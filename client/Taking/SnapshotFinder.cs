using Snapshots.Grains;
using Snapshots.Protocol;

namespace Snapshots.Client;

/// <summary>Finds snapshots by their ids.</summary>
internal static class SnapshotFinder
{
    /// <summary>The snapshot of that id.</summary>
    /// <exception cref="ClientException">There is none.</exception>
    public static async Task<SnapshotView> RequireAsync(BankConnection bank, SnapshotId id, CancellationToken interrupted) =>
        await bank.CallAsync(_ => bank.Snapshots.GetAsync(id), interrupted)
        ?? throw new ClientException(ErrorCode.NotFound, $"there is no snapshot {id}");

    /// <summary>The snapshot of that id, completed.</summary>
    /// <exception cref="ClientException">There is none, it is running, or it was aborted.</exception>
    public static async Task<SnapshotView> RequireCompletedAsync(BankConnection bank, SnapshotId id, CancellationToken interrupted)
    {
        var view = await RequireAsync(bank, id, interrupted);
        return SnapshotFailures.Of(view) is { } failure ? throw new ClientException(failure) : view;
    }
}
