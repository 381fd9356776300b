namespace Snapshots.Client;

/// <summary>
/// What a restore would do, computed from the snapshot; for the bank also from a naive read of the accounts. It writes
/// nothing.
/// </summary>
/// <param name="Source">The snapshot.</param>
/// <param name="FromEpoch">The present epoch.</param>
/// <param name="Restored">Processes that would be as in the snapshot.</param>
/// <param name="Emptied">Processes that are not in the snapshot and would become empty.</param>
/// <param name="Redelivered">Messages in transit that would be delivered.</param>
/// <param name="Money">The money; null for another application.</param>
/// <param name="Failure">Why the snapshot cannot be restored; null if it can.</param>
internal sealed record RestorePlan(
    SnapshotSummary Source,
    Epoch FromEpoch,
    int Restored,
    int Emptied,
    int Redelivered,
    PlannedMoney? Money,
    Failure? Failure)
{
    private Epoch ToEpoch => (FromEpoch > Source.Epoch ? FromEpoch : Source.Epoch).Next;

    /// <summary>Makes the plan: reads every state and message, and delivers what is in transit in memory.</summary>
    public static async Task<RestorePlan> MakeAsync(
        BankConnection bank, SnapshotSummary source, RenderedSnapshot snapshot, CancellationToken interrupted)
    {
        var epoch = await bank.CallAsync(_ => bank.Snapshots.GetEpochAsync(), interrupted);
        var processes = await bank.CallAsync(_ => bank.Snapshots.ListProcessesAsync(), interrupted);
        if (!bank.IsBank) return Of(source, epoch, processes, snapshot, money: null, failure: null);
        var state = snapshot.Typed(AccountFormat.ReadState, AccountFormat.ReadMessage);
        var after = RestoredBank.Of(state);
        var now = await AccountReader.ReadAsync(bank, processes, interrupted);
        var money = new PlannedMoney(
            state.Processes.Aggregate(Int128.Zero, (sum, process) => sum + process.State.Balance),
            after.Delivered,
            now.Count(account => account.Balance != (after.Accounts.GetValueOrDefault(account.Id)?.Balance ?? 0)));
        var failure = after.IsConserved
            ? null
            : new Failure(ErrorCode.PropertyViolated, $"a restore of {source.Id} would not conserve money");
        return Of(source, epoch, processes, snapshot, money, failure);
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
        if (Money is not { } money) return;
        writer.WriteNumber("balance", (decimal)money.Balance);
        writer.WriteNumber("inTransit", (decimal)money.InTransit);
        writer.WriteNumber("changedAccounts", money.ChangedAccounts);
    }

    /// <summary>Shows the plan.</summary>
    public void Show(Page page)
    {
        var facts = new List<(string, string)>
        {
            ("snapshot", Source.Id.Value),
            ("status", "planned: nothing was changed"),
            ("epoch", $"{FromEpoch} → {ToEpoch}"),
            ("processes", Text($"{Restored} restored, {Emptied} emptied")),
            ("messages", Text($"{Redelivered} delivered that were in transit")),
        };
        if (Money is { } money)
        {
            facts.Add(("money", Text($"{money.Balance} in accounts, {money.InTransit} in transit")));
            facts.Add(("changes", Text($"{money.ChangedAccounts} accounts have another balance than now")));
        }

        page.Facts(facts);
    }

    private static string Text(FormattableString text) => FormattableString.Invariant(text);

    private static RestorePlan Of(
        SnapshotSummary source,
        Epoch epoch,
        IReadOnlyList<ProcessId> processes,
        RenderedSnapshot snapshot,
        PlannedMoney? money,
        Failure? failure)
    {
        var members = snapshot.State.Processes.Select(process => process.Id).ToHashSet();
        return new(
            source,
            epoch,
            members.Count,
            processes.Count(process => !members.Contains(process)),
            snapshot.State.Channels.Sum(channel => channel.Messages.Length),
            money,
            failure);
    }
}

/// <summary>The money of a planned restore.</summary>
/// <param name="Balance">The money in the accounts of the snapshot.</param>
/// <param name="InTransit">The money in transit in the snapshot.</param>
/// <param name="ChangedAccounts">Accounts whose balance is another one now than after the restore.</param>
internal sealed record PlannedMoney(Int128 Balance, Int128 InTransit, int ChangedAccounts);
