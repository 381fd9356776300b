namespace Snapshots.Faults.Tests;

/// <summary>One silo on SQLite, killed with SIGKILL again and again under load, with a snapshot each second.</summary>
public sealed class KilledSiloTests : IDisposable
{
    private const int Kills = 5;
    private const int Restarts = 3;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_silo_in_the_clients_process_loses_nothing_and_invents_nothing()
    {
        var random = Campaign.Random(nameof(A_silo_in_the_clients_process_loses_nothing_and_invents_nothing));
        using var bank = new BankUnderTest($"--embedded --data {_folder["data"]}");
        bank.CreateJournal();
        for (var kill = 0; kill < Kills * Campaign.Rounds; kill++)
        {
            // Client and silo die together: the next run settles first what this one has left unknown.
            await using var both = ServerProcess.Start(
                ServerProcess.ClientFile, _folder.Path, bank.EndlessLoad.Split(' '));
            await bank.AnsweredAsync(50 + random.Next(400));
            Assert.False(both.HasExited, both.ToString());
            await both.KillAsync();
        }

        await ReportAsync(bank, Kills * Campaign.Rounds);
    }

    [Fact]
    public async Task A_silo_apart_comes_back_and_the_load_goes_on()
    {
        var random = Campaign.Random(nameof(A_silo_apart_comes_back_and_the_load_goes_on));
        string[] arguments = ["--data", _folder["data"]];
        var silo = await Silo.StartAsync(_folder.Path, [.. arguments, "--gateway-port=0"]);
        using var bank = new BankUnderTest($"--gateway {silo.Gateway}");
        try
        {
            using var load = await Load.StartAsync(bank);
            for (var kill = 0; kill < Restarts * Campaign.Rounds; kill++)
            {
                await bank.AnsweredAsync(random.Next(300));
                await silo.Process.KillAsync();
                await silo.DisposeAsync();
                silo = await Silo.StartAsync(
                    _folder.Path, [.. arguments, $"--gateway-port={silo.Gateway.Split(':')[1]}"]);
                var again = await bank.AnsweredAsync(50);
                Campaign.Say($"{again.TotalSeconds:0.00} s from ready to the first answers");
            }

            await load.StopAsync();
            await ReportAsync(bank, Restarts * Campaign.Rounds);
        }
        finally
        {
            await silo.DisposeAsync();
        }
    }

    private static async Task ReportAsync(BankUnderTest bank, int kills)
    {
        var history = await bank.CheckBalancesAsync();
        var (completed, aborted) = await bank.CheckSnapshotsAsync();
        Campaign.Say(
            $"{kills} kills, {history.Accepted} accepted, {history.Refused} refused, {completed} snapshots "
                + $"completed, {aborted} aborted");
    }
}
