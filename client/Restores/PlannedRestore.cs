namespace Snapshots.Client;

/// <summary>
/// What a restore would do, computed from the snapshot; for the bank also from a naive read of the accounts. It writes
/// nothing.
/// </summary>
/// <param name="Plan">The plan of any application.</param>
/// <param name="Money">The money; null for another application.</param>
/// <param name="Failure">Why the snapshot cannot be restored; null if it can.</param>
internal sealed record PlannedRestore(RestorePlan Plan, PlannedMoney? Money, Failure? Failure)
{
    /// <summary>Makes the plan: reads every state and message, and delivers what is in transit in memory.</summary>
    public static async Task<PlannedRestore> MakeAsync(
        BankConnection bank, SnapshotSummary source, RenderedSnapshot snapshot, CancellationToken interrupted)
    {
        var epoch = await bank.CallAsync(_ => bank.Snapshots.GetEpochAsync(), interrupted);
        var processes = await bank.CallAsync(_ => bank.Snapshots.ListProcessesAsync(), interrupted);
        var plan = RestorePlan.Of(source, epoch, processes, snapshot);
        if (!bank.IsBank) return new(plan, Money: null, Failure: null);
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
        return new(plan, money, failure);
    }

    /// <summary>Writes the members of the plan into an open object.</summary>
    public void Write(Utf8JsonWriter writer)
    {
        Plan.Write(writer);
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
            ("snapshot", Plan.Source.Id.Value),
            ("status", "planned: nothing was changed"),
            ("epoch", $"{Plan.FromEpoch} → {Plan.ToEpoch}"),
            ("processes", Text($"{Plan.Restored} restored, {Plan.Emptied} emptied")),
            ("messages", Text($"{Plan.Redelivered} delivered that were in transit")),
        };
        if (Money is { } money)
        {
            facts.Add(("money", Text($"{money.Balance} in accounts, {money.InTransit} in transit")));
            facts.Add(("changes", Text($"{money.ChangedAccounts} accounts have another balance than now")));
        }

        page.Facts(facts);
    }

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}

/// <summary>The money of a planned restore.</summary>
/// <param name="Balance">The money in the accounts of the snapshot.</param>
/// <param name="InTransit">The money in transit in the snapshot.</param>
/// <param name="ChangedAccounts">Accounts whose balance is another one now than after the restore.</param>
internal sealed record PlannedMoney(Int128 Balance, Int128 InTransit, int ChangedAccounts);
