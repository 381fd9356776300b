using Snapshots.Detection;
using Snapshots.Samples;

namespace Snapshots.Client;

/// <summary>Runs checks on files, for the applications whose types this program has.</summary>
internal static class OfflineChecks
{
    /// <summary>Proves a file and runs checks on it.</summary>
    /// <exception cref="ClientException">
    /// It is no snapshot, it is not valid, only a silo knows its types, or there is no check of a name.
    /// </exception>
    public static async Task<CheckReport> RunAsync(string path, string[] names, CancellationToken interrupted)
    {
        var verification = await ArchiveFiles.ReadAsync(path, input => ArchiveFiles.VerifyAnyAsync(input, interrupted));

        // A cut that is not proven may show what never was.
        if (!verification.Valid)
        {
            var message = $"the snapshot {verification.Id} is not valid: {verification.Violations[0]}";
            throw new ClientException(ErrorCode.PropertyViolated, message);
        }

        var snapshot = await SnapshotSource.ReadFileAsync(path, interrupted);
        return new CheckReport(snapshot.Id, Run(path, snapshot, names));
    }

    private static CheckResult[] Run(string path, RenderedSnapshot snapshot, string[] names) =>
        snapshot.Application switch
        {
            null => Run(
                BankApplication.Name,
                names,
                snapshot.Typed(AccountFormat.ReadState, AccountFormat.ReadMessage),
                [new ConservationCheck(), new QuietCheck()]),
            LocksApplication.Name => Run(
                LocksApplication.Name,
                names,
                snapshot.Typed(LocksFormat.ReadState, LocksFormat.ReadMessage),
                [new DeadlockCheck()]),
            ObjectsApplication.Name => Run(
                ObjectsApplication.Name,
                names,
                snapshot.Typed(ObjectsFormat.ReadState, ObjectsFormat.ReadMessage),
                [new GarbageCheck()]),
            var other => throw new ClientException(
                ErrorCode.InvalidInput,
                $"{path} is of the application {other}, whose types only its silo has: check the snapshot by its id"),
        };

    private static CheckResult[] Run<TState, TMessage>(
        string application,
        string[] names,
        GlobalState<TState, TMessage> state,
        IReadOnlyList<ISnapshotCheck<TState, TMessage>> checks)
    {
        if (names.FirstOrDefault(name => checks.All(check => check.Name != name)) is { } unknown)
        {
            var all = string.Join(", ", checks.Select(check => check.Name));
            throw new ClientException(
                ErrorCode.NotFound, $"{application} declares no check {unknown}; it declares {all}");
        }

        return
        [
            .. checks.Where(check => names.Length == 0 || names.Contains(check.Name))
                .Select(check => CheckResult.Of(check, state)),
        ];
    }
}
