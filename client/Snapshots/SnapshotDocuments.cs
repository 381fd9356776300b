namespace Snapshots.Client;

/// <summary>Makes the document of a snapshot from what the cluster stores, rendered by a silo.</summary>
internal static class SnapshotDocuments
{
    /// <summary>Reads the document. The global state of a completed snapshot is read and proven again.</summary>
    /// <exception cref="ClientException">The stored reports do not prove the snapshot.</exception>
    public static async Task<SnapshotDocument> ReadAsync(
        BankConnection bank, SnapshotView view, CancellationToken interrupted) =>
        await ReadAsync(bank, () => StoredDocuments.ReadAsync(bank.Snapshots, view), interrupted);

    /// <summary>Reads and proves the global state of a completed snapshot of the bank.</summary>
    /// <exception cref="ClientException">The stored reports do not prove the snapshot.</exception>
    public static Task<GlobalState<AccountState, BankMessage>> ReadBankAsync(
        BankConnection bank, SnapshotView view, CancellationToken interrupted) =>
        ReadAsync(bank, () => bank.Snapshots.ReadAsync<AccountState, BankMessage>(view), interrupted);

    /// <summary>Reads the global state of a completed snapshot as JSON, and proves it by that.</summary>
    /// <exception cref="ClientException">The stored reports do not prove the snapshot.</exception>
    public static async Task<GlobalState<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>> ReadStateAsync(
        BankConnection bank, SnapshotView view, CancellationToken interrupted) =>
        await ReadAsync(bank, () => bank.Snapshots.ReadRenderedAsync(view), interrupted);

    private static async Task<T> ReadAsync<T>(BankConnection bank, Func<Task<T>> read, CancellationToken interrupted)
    {
        try
        {
            return await bank.CallAsync(_ => read(), interrupted);
        }
        catch (InvalidOperationException exception)
        {
            throw new ClientException(ErrorCode.PropertyViolated, Failures.Line(exception.Message), exception);
        }
    }
}

/// <summary>Finds snapshots by id.</summary>
internal static class SnapshotFinder
{
    /// <summary>Returns the snapshot of that id.</summary>
    /// <exception cref="ClientException">It does not exist.</exception>
    public static async Task<SnapshotView> RequireAsync(
        BankConnection bank, SnapshotId id, CancellationToken interrupted) =>
        await bank.CallAsync(_ => bank.Snapshots.GetAsync(id), interrupted)
        ?? throw new ClientException(ErrorCode.NotFound, $"the snapshot {id} does not exist");

    /// <summary>Returns the completed snapshot of that id.</summary>
    /// <exception cref="ClientException">It does not exist, is running, or was aborted.</exception>
    public static async Task<SnapshotView> RequireCompletedAsync(
        BankConnection bank, SnapshotId id, CancellationToken interrupted)
    {
        var view = await RequireAsync(bank, id, interrupted);
        return SnapshotFailures.Of(view) is { } failure ? throw new ClientException(failure) : view;
    }
}

/// <summary>Finds out why a snapshot is not what was asked for.</summary>
internal static class SnapshotFailures
{
    /// <summary>Returns why a snapshot has no global state; null if it has one.</summary>
    public static Failure? Of(SnapshotView view) => view.Summary switch
    {
        { Status: SnapshotStatus.Running } running =>
            new(
                ErrorCode.Timeout,
                $"the snapshot {running.Id} is still running; wait for it with: snapshots snapshot wait {running.Id}"),
        { Status: SnapshotStatus.Importing } importing =>
            new(ErrorCode.Timeout, $"the snapshot {importing.Id} is still being imported"),
        { Status: SnapshotStatus.Aborted } aborted =>
            new(ErrorCode.SnapshotAborted, $"the snapshot {aborted.Id} was aborted: {Failures.Line(aborted.Reason)}"),
        _ => null,
    };

    /// <summary>Returns the property that a completed snapshot violates; null if it violates none.</summary>
    public static Failure? Of(SnapshotDocument document) => document.Certificate switch
    {
        { Consistent: false } certificate =>
            new(
                ErrorCode.PropertyViolated,
                $"the snapshot {document.Id} is not consistent: {certificate.Violations[0]}"),
        { Conserved: false } =>
            new(ErrorCode.PropertyViolated, $"the snapshot {document.Id} does not conserve money"),
        _ => null,
    };
}
