namespace Snapshots.Documents;

/// <summary>
/// Compares the certificate that a document states with the one that its content gives; each difference is one line.
/// </summary>
internal static class CertificateChecks
{
    /// <summary>Balances and money in transit add up to deposits less withdrawals.</summary>
    public static IEnumerable<string> CheckConservation(CertificateFigures computed) =>
        computed.Money is not { Conserved: false } money
        ? []
        : [$"conservation: balance {money.Balance} + in transit {money.InTransit} is not "
            + $"deposited {money.Deposited} - withdrawn {money.Withdrawn}"];

    /// <summary>Every stated figure equals the computed one.</summary>
    public static IEnumerable<string> CheckFigures(StatedCertificate stated, CertificateFigures computed)
    {
        if (stated.Consistent != computed.Consistent)
            yield return Differs("consistent", Name(stated.Consistent), "its content gives", Name(computed.Consistent));

        if (!stated.Figures.Violations.SequenceEqual(computed.Violations))
        {
            yield return $"certificate.violations: the file states {stated.Figures.Violations.Length}, "
                + $"they differ from the {computed.Violations.Length} that were found";
        }

        foreach (var ((name, source, claim), (_, _, value)) in Numbers(stated.Figures).Zip(Numbers(computed)))
        {
            if (claim != value) yield return Differs(name, claim, source, value);
        }

        if (stated.Conserved != computed.Conserved)
            yield return Differs("conserved", Name(stated.Conserved), "its content gives", Name(computed.Conserved));
    }

    /// <summary>The stated digest equals that of the document.</summary>
    public static IEnumerable<string> CheckDigest(StatedCertificate stated, string computed) =>
        stated.Digest == computed
        ? []
        : [$"digest: the file states another, its content gives {computed}"];

    private static IEnumerable<(string Name, string Source, Int128 Value)> Numbers(CertificateFigures figures) =>
    [
        ("processCount", "it lists", figures.ProcessCount),
        ("channelCount", "it lists", figures.ChannelCount),
        ("markerCount", "its channels give", figures.MarkerCount),
        ("messagesInTransit", "its channels hold", figures.MessagesInTransit),
        .. figures.Money is { } money ? Numbers(money) : [],
    ];

    private static IEnumerable<(string Name, string Source, Int128 Value)> Numbers(MoneyTotals money) =>
    [
        ("balance", "the balances add up to", money.Balance),
        ("inTransit", "the messages add up to", money.InTransit),
        ("deposited", "the deposits add up to", money.Deposited),
        ("withdrawn", "the withdrawals add up to", money.Withdrawn),
    ];

    private static string Differs(string name, object stated, string source, object computed) =>
        $"certificate.{name}: the file states {stated}, {source} {computed}";

    private static string Name(bool value) => value ? "true" : "false";
}

/// <summary>
/// Checks what a document must satisfy besides the rules of <see cref="Certificate"/>; each failure is one line.
/// </summary>
internal static class GlobalStateChecks
{
    /// <summary>The largest amount of one message. A double represents every integer up to it exactly.</summary>
    private const long MaxAmount = (1L << 53) - 1;

    /// <summary>
    /// Processes, and channels by source and target, are in ordinal order. The certificate checks that none is listed
    /// twice.
    /// </summary>
    public static IEnumerable<string> CheckOrder(GlobalState<Figures, long> state)
    {
        foreach (var (before, after) in state.Processes.Zip(state.Processes.Skip(1)))
        {
            if (before.Id > after.Id)
                yield return $"process {after.Id}: is listed after {before.Id}, not in ordinal order";
        }

        foreach (var (before, after) in state.Channels.Zip(state.Channels.Skip(1)))
        {
            var (first, second) = (before.Channel, after.Channel);
            if (first > second) yield return $"channel {second}: is listed after {first}, not in ordinal order";
        }
    }

    /// <summary>The initiator and both ends of every channel are processes of the document.</summary>
    public static IEnumerable<string> CheckMembers(ProcessId initiator, GlobalState<Figures, long> state)
    {
        var members = state.Processes.Select(process => process.Id).ToHashSet();
        if (initiator == default && members.Count > 0) yield return "initiator: none is named";
        if (initiator != default && !members.Contains(initiator))
            yield return $"initiator: {initiator} is not a process of the document";
        foreach (var id in state.Channels.Select(channel => channel.Channel))
        {
            var (source, target) = id;
            if (source == target) yield return $"channel {id}: leads from a process to itself";
            if (!members.Contains(source)) yield return $"channel {id}: {source} is not a process of the document";
            if (!members.Contains(target)) yield return $"channel {id}: {target} is not a process of the document";
        }
    }

    /// <summary>No figure of a process is negative, and the amount of every message is within its bounds.</summary>
    public static IEnumerable<string> CheckAmounts(GlobalState<Figures, long> state)
    {
        foreach (var (id, (balance, deposited, withdrawn)) in state.Processes)
        {
            if (balance < 0) yield return $"process {id}: the balance {balance} is negative";
            if (deposited < 0) yield return $"process {id}: deposited {deposited} is negative";
            if (withdrawn < 0) yield return $"process {id}: withdrawn {withdrawn} is negative";
        }

        foreach (var channel in state.Channels)
        {
            foreach (var (number, amount) in channel.Messages)
            {
                if (amount is >= 1 and <= MaxAmount) continue;
                yield return
                    $"channel {channel.Channel}: the amount {amount} of message {number} is not in 1 … {MaxAmount}";
            }
        }
    }
}
