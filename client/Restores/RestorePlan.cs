namespace Snapshots.Client;

/// <summary>
/// What a restore of the bank would do, computed from the snapshot and a naive read of the accounts. It writes nothing.
/// </summary>
/// <param name="Source">The snapshot.</param>
/// <param name="FromEpoch">The present epoch.</param>
/// <param name="Restored">Accounts that would be as in the snapshot.</param>
/// <param name="Emptied">Accounts that are not in the snapshot and would become empty.</param>
/// <param name="Redelivered">Messages in transit that would be delivered.</param>
/// <param name="Balance">The money in the accounts of the snapshot.</param>
/// <param name="InTransit">The money in transit in the snapshot.</param>
/// <param name="Changed">Accounts whose balance is another one now than after the restore.</param>
/// <param name="Failure">Why the snapshot cannot be restored; null if it can.</param>
internal sealed record RestorePlan(
    SnapshotSummary Source,
    Epoch FromEpoch,
    int Restored,
    int Emptied,
    int Redelivered,
    Int128 Balance,
    Int128 InTransit,
    int Changed,
    Failure? Failure)
{
    private Epoch ToEpoch => (FromEpoch > Source.Epoch ? FromEpoch : Source.Epoch).Next;

    /// <summary>Makes the plan: reads every state and message, and delivers what is in transit in memory.</summary>
    public static async Task<RestorePlan> MakeAsync(BankConnection bank, SnapshotView view, CancellationToken interrupted)
    {
        var state = await SnapshotDocuments.ReadBankAsync(bank, view, interrupted);
        var epoch = await bank.CallAsync(_ => bank.Snapshots.GetEpochAsync(), interrupted);
        var (after, inTransit, returned) = RestoredBank.Of(state);
        var money = after.Values.Aggregate(returned, (sum, account) => sum + account.Balance);
        var owed = after.Values.Aggregate(Int128.Zero, (sum, account) => sum + account.Deposited - account.Withdrawn);
        var now = await AccountReader.ReadAllAsync(bank, interrupted);
        return new(
            view.Summary,
            epoch,
            after.Count,
            now.Count(account => !after.ContainsKey(account.Id)),
            state.Channels.Sum(channel => channel.Messages.Length),
            state.Processes.Aggregate(Int128.Zero, (sum, process) => sum + process.State.Balance),
            inTransit,
            now.Count(account => account.Balance != (after.TryGetValue(account.Id, out var planned) ? planned.Balance : 0)),
            money == owed ? null : new(ErrorCode.PropertyViolated, $"a restore of {view.Summary.Id} would not conserve money"));
    }

    /// <summary>Writes the members of the plan into an open object.</summary>
    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteNumber("schemaVersion", 1);
        writer.WriteNull("number");
        writer.WriteString("snapshot", Source.Id.Value);
        writer.WriteString("status", "planned");
        writer.WriteString("reason", string.Empty);
        writer.WriteNumber("fromEpoch", FromEpoch.Value);
        writer.WriteNumber("toEpoch", ToEpoch.Value);
        writer.WriteNull("safetySnapshot");
        writer.WriteNumber("processesRestored", Restored);
        writer.WriteNumber("processesEmptied", Emptied);
        writer.WriteNumber("messagesRedelivered", Redelivered);
        writer.WriteNull("startedAt");
        writer.WriteNull("completedAt");
        writer.WriteStartArray("waitingFor");
        writer.WriteEndArray();
        writer.WriteNumber("balance", (decimal)Balance);
        writer.WriteNumber("inTransit", (decimal)InTransit);
        writer.WriteNumber("changedAccounts", Changed);
    }

    /// <summary>Shows the plan.</summary>
    public void Show(Page page) => page.Facts(
        ("snapshot", Source.Id.Value),
        ("status", "planned: nothing was changed"),
        ("epoch", $"{FromEpoch} → {ToEpoch}"),
        ("accounts", FormattableString.Invariant($"{Restored} restored, {Emptied} emptied, {Changed} with another balance than now")),
        ("messages", FormattableString.Invariant($"{Redelivered} delivered that were in transit")),
        ("money", FormattableString.Invariant($"{Balance} in accounts, {InTransit} in transit")));
}
