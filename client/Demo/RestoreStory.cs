namespace Snapshots.Client;

/// <summary>
/// Story 3 of the demo: the bank of story 2 goes back to a snapshot with money in transit, and works on from there.
/// </summary>
internal static class RestoreStory
{
    /// <summary>Restores the snapshot, and compares every account with what the snapshot says.</summary>
    public static async Task<RestoreStoryResult> TellAsync(CommandRun run, BankConnection bank, SnapshotId id)
    {
        var before = await ReadAsync(run, bank, id);
        var request = new RestoreRequest(id, "the demo", TakesSafety: true);
        var restore = await bank.CallAsync(_ => bank.Snapshots.BeginRestoreAsync(request), run.Interrupted);
        restore = await bank.CallAsync(
            token => bank.Snapshots.WaitForRestoreAsync(restore.Number, progress: null, token), run.Interrupted);
        if (restore.Status != RestoreStatus.Completed)
            throw new ClientException(ErrorCode.SnapshotAborted, $"the restore was aborted: {Failures.Line(restore.Failure)}");
        var expected = RestoredBank.Of(before).Accounts;
        var accounts = await AccountReader.ReadAsync(bank, [.. expected.Keys], run.Interrupted);
        var wrong = accounts.Count(account => account.Balance != expected[account.Id].Balance);

        var (from, to) = (accounts.First(account => account.Balance > 0).Id, accounts[^1].Id);
        var answer = await bank.CallAsync(
            _ => bank.Account(from).TransferAsync(RequestKeys.New(run.Time), to, new Amount(1)), run.Interrupted);
        var after = await SnapshotProbe.TakeAsync(bank, new("demo-restored"), from, run.Interrupted);
        var undone = MessagesOf(await ReadAsync(run, bank, restore.Safety)) - MessagesOf(before);
        return new(id, undone, restore.Counts.Redelivered, wrong, restore.ToEpoch, answer.IsAccepted && after.Holds);
    }

    private static async Task<GlobalState<AccountState, BankMessage>> ReadAsync(CommandRun run, BankConnection bank, SnapshotId id) =>
        await SnapshotDocuments.ReadBankAsync(
            bank, await SnapshotFinder.RequireCompletedAsync(bank, id, run.Interrupted), run.Interrupted);

    private static long MessagesOf(GlobalState<AccountState, BankMessage> state) => state.Channels.Sum(channel => channel.Sent.Value);
}

/// <summary>The result of the story of the restore.</summary>
/// <param name="Snapshot">The snapshot that was restored.</param>
/// <param name="TransfersUndone">Transfers that were made after it.</param>
/// <param name="Redelivered">Messages in transit that were delivered.</param>
/// <param name="Wrong">Accounts that are not as the snapshot says.</param>
/// <param name="Epoch">The epoch after it.</param>
/// <param name="GoesOn">Whether the bank moved money after it, and the next snapshot holds.</param>
internal sealed record RestoreStoryResult(
    SnapshotId Snapshot, long TransfersUndone, int Redelivered, int Wrong, Epoch Epoch, bool GoesOn)
{
    /// <summary>Whether every account is as the snapshot says, and the bank works on.</summary>
    public bool Holds => Wrong == 0 && GoesOn && Redelivered > 0;

    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("snapshot", Snapshot.Value);
        writer.WriteNumber("transfersUndone", TransfersUndone);
        writer.WriteNumber("redelivered", Redelivered);
        writer.WriteBoolean("exact", Holds);
        writer.WriteNumber("epoch", Epoch.Value);
        writer.WriteEndObject();
    }

    public void Show(Page page)
    {
        page.Line();
        page.Heading($"3. Restore: the bank goes back to {Snapshot}");
        page.Line(FormattableString.Invariant(
            $"   {TransfersUndone} transfers were undone; {Redelivered} messages that were in transit at the cut arrived."));
        page.Line(Wrong == 0
            ? $"   Every account is, to the unit, what the snapshot and its messages in transit say. It is epoch {Epoch} now."
            : $"   {Wrong} accounts are not what the snapshot says.");
        page.Line(GoesOn ? "   The bank works on, and the next snapshot holds." : "   The bank does not work on.");
    }
}

/// <summary>The bank as a restore leaves it: the states of a snapshot, with what was in transit delivered.</summary>
/// <param name="Accounts">The accounts.</param>
/// <param name="Delivered">The money that was in transit.</param>
/// <param name="Returned">The money that is on its way back after that.</param>
internal sealed record RestoredBank(IReadOnlyDictionary<ProcessId, AccountState> Accounts, Int128 Delivered, Int128 Returned)
{
    public static RestoredBank Of(GlobalState<AccountState, BankMessage> state)
    {
        var accounts = state.Processes.ToDictionary(process => process.Id, process => process.State);
        var (delivered, returned) = (Int128.Zero, Int128.Zero);
        foreach (var channel in state.Channels)
        {
            var (source, target) = (channel.Channel.Source, channel.Channel.Target);
            foreach (var (_, message) in channel.Messages)
            {
                var reaction = BankApplication.Instance.Deliver(target, accounts[target], source, message);
                accounts[target] = reaction.State;
                delivered += message.Amount.Value;
                foreach (var sent in reaction.Messages) returned += sent.Message.Amount.Value;
            }
        }

        return new(accounts, delivered, returned);
    }
}
