using System.Diagnostics.Metrics;

namespace Snapshots.Bank;

/// <summary>The measurements of the bank in one silo, under the meter <c>Snapshots.Bank</c>.</summary>
internal sealed class BankInstruments
{
    private const string OutcomeTag = "outcome";

    private readonly Counter<long> _transfers;

    public BankInstruments(IMeterFactory meters)
    {
#pragma warning disable CA2000 // The meter factory owns the meters that it creates.
        var meter = meters.Create("Snapshots.Bank");
#pragma warning restore CA2000
        _transfers = meter.CreateCounter<long>(
            "snapshots.bank.transfers", "{transfer}", "Transfers that were decided for the first time, by outcome.");
        foreach (var outcome in (string[])["accepted", "refused"]) Add(outcome, 0);
    }

    /// <summary>A transfer was decided; a repeated request is not.</summary>
    public void Count(Outcome outcome) => Add(outcome.IsAccepted ? "accepted" : "refused", 1);

    private void Add(string outcome, long count) =>
        _transfers.Add(count, new KeyValuePair<string, object?>(OutcomeTag, outcome));
}
