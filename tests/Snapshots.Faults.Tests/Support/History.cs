using System.Text.Json;

namespace Snapshots.Faults.Tests;

/// <summary>
/// What the journal of a load says, and what the bank must hold by it: the model is a sum, of what came in by opening
/// the accounts and of each accepted transfer once.
/// </summary>
internal sealed class History
{
    private readonly Dictionary<string, JsonElement> _last = [];

    private History(string journal, bool wasRestored)
    {
        foreach (var line in File.ReadLines(journal))
        {
            var entry = JsonElement.Parse(line);
            var id = entry.GetProperty("id").GetString()!;
            if (!wasRestored && _last.TryGetValue(id, out var before)) AssertFollows(before, entry);
            _last[id] = entry;
        }
    }

    public int Accepted => Count("accepted");

    public int Refused => Count("refused");

    public int Unknown => Count("unknown");

    /// <param name="journal">The file.</param>
    /// <param name="wasRestored">
    /// Whether the service went back to a snapshot: then a later outcome replaces an earlier one.
    /// </param>
    public static History Read(string journal, bool wasRestored = false) => new(journal, wasRestored);

    /// <summary>What each account must hold.</summary>
    public IReadOnlyDictionary<string, long> Balances(IReadOnlyDictionary<string, long> deposits)
    {
        var balances = new Dictionary<string, long>(deposits);
        foreach (var transfer in _last.Values.Where(transfer => Outcome(transfer) == "accepted"))
        {
            var amount = transfer.GetProperty("amount").GetInt64();
            balances[transfer.GetProperty("from").GetString()!] -= amount;
            balances[transfer.GetProperty("to").GetString()!] += amount;
        }

        return balances;
    }

    private static string Outcome(JsonElement entry) => entry.GetProperty("outcome").GetString()!;

    /// <summary>Nobody is told both: an outcome that was once told stays.</summary>
    private static void AssertFollows(JsonElement before, JsonElement after)
    {
        var (first, second) = (Outcome(before), Outcome(after));
        Assert.True(first == "unknown" || first == second, $"{first}, then {second}: {after}");
    }

    private int Count(string outcome) => _last.Values.Count(entry => Outcome(entry) == outcome);
}
