using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Snapshots.Protocol;

namespace Snapshots.Faults.Tests;

/// <summary>
/// A bank that suffers faults under load, and the check that nothing was lost: every accepted transfer once, none else,
/// to the unit; every snapshot ended, the completed ones proven again from exported files.
/// </summary>
/// <param name="connection">The client's options that reach it.</param>
internal sealed class BankUnderTest(string connection) : IDisposable
{
    public const int Accounts = 24;
    private const int Deposit = 1_000;

    /// <summary>
    /// Snapshots that are proven once more in a short run, the newest: each file takes a client of its own to export.
    /// </summary>
    private const int MaxProven = 2;

    private readonly TemporaryFolder _folder = new();
    private readonly HashSet<string> _ended = [];

    /// <summary>Where every transfer is told.</summary>
    public string Journal => _folder["journal"];

    public string Connection => connection;

    public static string LoadOptions => $"--accounts {Accounts} --deposit {Deposit} --concurrency 32";

    /// <summary>
    /// The options of a load that runs until it is stopped, and settles first what an earlier one has left.
    /// </summary>
    public string EndlessLoad =>
        $"load {LoadOptions} --duration 100000 --snapshot-every 1 --timeout 60 --journal {Journal} --resume "
            + $"{Journal} {connection}";

    public long JournalLength => File.Exists(Journal) ? new FileInfo(Journal).Length : 0;

    /// <summary>Makes the journal if there is none, so that it can be resumed.</summary>
    public void CreateJournal() => File.AppendAllText(Journal, "");

    /// <summary>
    /// Waits until about that many transfers have been answered from now on; returns how long it took.
    /// </summary>
    public Task<TimeSpan> AnsweredAsync(int transfers)
    {
        const int BytesPerTransfer = 170;
        var wanted = JournalLength + (BytesPerTransfer * transfers);
        return Wait.UntilAsync(
            $"{transfers} transfers are answered", () => Task.FromResult(JournalLength >= wanted), seconds: 90);
    }

    /// <summary>
    /// Settles what is unknown, waits until all money has arrived, and compares all accounts with the model.
    /// </summary>
    public async Task<History> CheckBalancesAsync(bool wasRestored = false)
    {
        var settled = await ClientCommands.RunAsync(
            $"load {LoadOptions} --transfers 0 --journal {Journal} --resume {Journal} --timeout 60 {connection}");
        Assert.True(settled.ExitCode == 0, settled.ToString());
        var history = History.Read(Journal, wasRestored);
        Assert.Equal(0, history.Unknown);
        Assert.True(history.Accepted > 0, "nothing was accepted: nothing was tested");
        var deposits = Enumerable.Range(0, Accounts).ToDictionary(
            index => string.Create(CultureInfo.InvariantCulture, $"P{index}"), _ => (long)Deposit);
        var expected = history.Balances(deposits).OrderBy(
            pair => pair.Key, StringComparer.Ordinal).Select(Text).ToList();

        // Its markers follow all that was sent before: when it completes, that has arrived. A silo that lives for one
        // command is in no other way sure to live long enough.
        await ClientCommands.ShowAsync($"snapshot take {connection}");
        var actual = new List<string>();
        var startedAt = Stopwatch.GetTimestamp();
        do
        {
            actual = [.. (await ClientCommands.ShowAsync($"account list {connection}")).EnumerateArray()
                .Select(account => Text(new(account.GetProperty("id").GetString()!, account.GetProperty("balance")
                    .GetInt64())))];
        }
        while (!expected.SequenceEqual(actual) && Stopwatch.GetElapsedTime(startedAt) < TimeSpan.FromSeconds(30));
        Assert.Equal(expected, actual);
        return history;

        static string Text(KeyValuePair<string, long> account) =>
            string.Create(CultureInfo.InvariantCulture, $"{account.Key} {account.Value}");
    }

    /// <summary>Waits until a restore has completed.</summary>
    public Task<JsonElement> RestoreCompletesAsync(RestoreNumber number) =>
        ClientCommands.ShowAsync($"restore wait {number} --timeout 90 {connection}");

    /// <summary>The balances of all accounts by what was accepted, and as they are.</summary>
    public async Task<(IReadOnlyList<string> Expected, IReadOnlyList<string> Actual)> CompareAsync(string connection)
    {
        var deposits = Enumerable.Range(0, Accounts).ToDictionary(
            index => string.Create(CultureInfo.InvariantCulture, $"P{index}"), _ => (long)Deposit);
        var expected = History.Read(Journal).Balances(deposits).OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => $"{pair.Key} {pair.Value}");
        var actual = (await ClientCommands.ShowAsync($"account list {connection}")).EnumerateArray()
            .Select(account => $"{account.GetProperty("id").GetString()} {account.GetProperty("balance").GetInt64()}");
        return ([.. expected], [.. actual]);
    }

    /// <summary>
    /// Takes one more snapshot, which must hold; waits until all have ended; and proves those that completed since the
    /// last time from exported files. Returns how many completed and aborted.
    /// </summary>
    public async Task<(int Completed, int Aborted)> CheckSnapshotsAsync()
    {
        var last = await ClientCommands.ShowAsync($"snapshot take {connection}");
        Assert.True(last.GetProperty("certificate").GetProperty("consistent").GetBoolean());
        Assert.True(last.GetProperty("certificate").GetProperty("conserved").GetBoolean());
        Assert.Equal(Accounts * Deposit, last.GetProperty("certificate").GetProperty("deposited").GetInt64());
        List<(string Id, string Status)> all = [];
        await Wait.UntilAsync("every snapshot has ended", async () =>
        {
            all = [.. (await ClientCommands.ShowAsync($"snapshot list --limit 1000 {connection}")).EnumerateArray()
                .Select(snapshot => (snapshot.GetProperty("id").GetString()!, snapshot.GetProperty("status")
                    .GetString()!))];
            return all.All(snapshot => snapshot.Status != "running");
        });
        var ended = all.Where(snapshot => _ended.Add(snapshot.Id)).ToList();
        var completed = ended.Where(snapshot => snapshot.Status == "completed").ToList();
        foreach (var (id, _) in completed.Take(Campaign.Rounds == 1 ? MaxProven : completed.Count))
        {
            var file = _folder[$"{id}.json"];
            await ClientCommands.ShowAsync($"snapshot export {id} --file {file} {connection}");
            Assert.True(
                (await ClientCommands.ShowAsync($"snapshot verify --file {file}")).GetProperty("valid").GetBoolean());
        }

        return (completed.Count, ended.Count - completed.Count);
    }

    public void Dispose() => _folder.Dispose();
}
