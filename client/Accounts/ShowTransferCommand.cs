namespace Snapshots.Client;

/// <summary><c>transfer show FROM ID</c>: what became of a transfer.</summary>
internal sealed class ShowTransferCommand : ClientCommand
{
    private readonly Argument<ProcessId> _from = Inputs.Argument("FROM", "The account that paid", Read.Account);
    private readonly Argument<RequestKey> _key = Inputs.Argument("ID", "The transfer's id", Read.Key);

    public ShowTransferCommand(CommandContext context)
        : base("show", "Show what became of a transfer.", context)
    {
        Add(_from);
        Add(_key);
    }

    protected override async Task<int> RunAsync(CommandRun run)
    {
        var (from, key) = (run.Get(_from), run.Get(_key));
        await using var bank = await run.ConnectAsync();
        var (transfer, fate) = await FindAsync(bank, from, key, run.Interrupted);
        void Write(Utf8JsonWriter writer)
        {
            writer.WriteString("id", key.Value);
            writer.WriteString("from", from.Value);
            if (transfer.To is { } to) writer.WriteString("to", to.Value);
            writer.WriteString("outcome", fate.Name);
        }

        if (fate != Fate.Unknown)
        {
            var line = $"transfer {key} of {from}{(transfer.To is { } to ? $" to {to}" : string.Empty)}: {fate.Text}";
            return run.Terminal.ShowObject(Write, page => page.Line(line));
        }

        var reason = transfer.Standing == KeyStanding.KeyTooOld
            ? "it is older than what the account remembers"
            : "the account has executed no transfer under that id";
        throw new ClientException(new Failure(ErrorCode.NotFound, $"transfer {key} of {from} is unknown: {reason}")
        {
            Details = Write,
        });
    }

    /// <summary>
    /// Asks the sender; if the money has left it, the receiver; and if that does not send it back now, the sender once
    /// more: it may have come back meanwhile.
    /// </summary>
    private static async Task<(TransferView Transfer, Fate Fate)> FindAsync(
        BankConnection bank, ProcessId from, RequestKey key, CancellationToken interrupted)
    {
        var transfer = await AskAsync();
        if (transfer.To is not { } to) return (transfer, Fate.Without(transfer));
        if (transfer.InTransit) return (transfer, Fate.Accepted);
        if (await bank.CallAsync(_ => bank.Account(to).ReturnsAsync(from, key), interrupted))
            return (transfer, Fate.Returning);
        transfer = await AskAsync();
        if (transfer.To is null) return (transfer, Fate.Without(transfer)); // A restore has discarded it.
        return (transfer, transfer.Returned switch
        {
            true => Fate.Returned,
            false => Fate.Arrived,
            null => Fate.Delivered,
        });

        Task<TransferView> AskAsync() =>
            bank.CallAsync(_ => bank.Account(from).FindTransferAsync(key), interrupted);
    }

    /// <summary>What became of a transfer.</summary>
    /// <param name="Name">Its name in JSON.</param>
    /// <param name="Text">What people read.</param>
    private sealed record Fate(string Name, string Text)
    {
        public static readonly Fate Unknown = new("unknown", string.Empty);
        public static readonly Fate Accepted = new("accepted", "accepted; the money is in transit");
        public static readonly Fate Returning = new("accepted", "accepted; the money is on its way back");
        public static readonly Fate Arrived = new("arrived", "the money has arrived");
        public static readonly Fate Returned = new("returned", "the money came back");
        public static readonly Fate Delivered = new(
            "accepted", "accepted; the money has arrived, or it came back too long ago to be remembered");

        /// <summary>The fate of what has sent no money.</summary>
        public static Fate Without(TransferView transfer) => transfer switch
        {
            { Standing: not KeyStanding.Duplicate } => Unknown,
            { Reason: RefusalReason.None } => Unknown, // A deposit or a withdrawal.
            _ => new("refused", $"refused: {Outcome.Refused(transfer.Reason).Message}"),
        };
    }
}
