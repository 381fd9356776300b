namespace Snapshots.Client.Tests;

public sealed class JournalLoadTests(BankCluster cluster) : IClassFixture<BankCluster>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_journal_has_every_transfer_before_it_is_sent_and_its_outcome()
    {
        var result = await cluster.RunAsync(
            $"load --accounts 3 --transfers 200 --deposit 20 --prefix told --journal {_folder["j"]} -o json");
        Assert.True(result.ExitCode == 0, result.ToString());
        var outcomes = (await File.ReadAllLinesAsync(_folder["j"], TestContext.Current.CancellationToken))
            .Select(line => System.Text.Json.JsonElement.Parse(line))
            .GroupBy(
                line => line.GetProperty("id").GetString(),
                (_, lines) => string.Join(' ', lines.Select(line => line.GetProperty("outcome").GetString())))
            .CountBy(outcome => outcome)
            .ToDictionary();
        Assert.Equal(result.Json.GetProperty("accepted").GetInt64(), outcomes["unknown accepted"]);
        Assert.Equal(result.Json.GetProperty("refused").GetInt64(), outcomes.GetValueOrDefault("unknown refused"));
        Assert.Equal(200, outcomes.Values.Sum());
    }

    [Fact]
    public async Task What_a_journal_leaves_unknown_is_settled_first_and_once()
    {
        await cluster.RunAsync("account open left0 --deposit 100");
        await cluster.RunAsync("account open left1");
        await cluster.RunAsync("transfer left0 left1 30 --id done");
        await File.WriteAllTextAsync(
            _folder["j"],
            """
            {"id":"done","from":"left0","to":"left1","amount":30,"outcome":"unknown"}
            {"id":"never","from":"left0","to":"left1","amount":5,"outcome":"unknown"}
            {"id":"over","from":"left0","to":"left1","amount":5,"outcome":"unknown"}
            {"id":"over","from":"left0","to":"left1","amount":5,"outcome":"refused"}
            {"id":"poor","from":"left1","to":"left0","amount":5000,"outcome":"unknown"}
            {"id":"torn","fr
            """,
            TestContext.Current.CancellationToken);
        var command =
            $"load --accounts 2 --transfers 0 --prefix left --journal {_folder["j"]} --resume {_folder["j"]} -o json";
        Assert.Equal((2L, 1L, 0L), Resumed(await cluster.RunAsync(command)));
        Assert.Equal((0L, 0L, 0L), Resumed(await cluster.RunAsync(command)));
        Assert.Equal(65, (await cluster.RunAsync("account show left0 -o json")).Json.GetProperty("balance").GetInt64());
        var lines = await File.ReadAllLinesAsync(_folder["j"], TestContext.Current.CancellationToken);
        Assert.DoesNotContain(lines, line => line.Contains("torn", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_nobody_settles_stays_in_the_journal_and_nothing_else_is_paid()
    {
        const string Line = """{"id":"k","from":"slow-sender","to":"b","amount":30,"outcome":"unknown"}""";
        await File.WriteAllTextAsync(_folder["j"], Line + "\n", TestContext.Current.CancellationToken);
        var result = await cluster.RunAsync(
            $"load --accounts 2 --transfers 5 --prefix after --timeout 8 --journal {_folder["j"]} --resume "
                + $"{_folder["j"]} -o json");
        Assert.Equal((7, "clusterUnreachable"), (result.ExitCode, result.ErrorCode));
        Assert.Equal((0L, 0L, 1L), Resumed(result));
        Assert.Equal(0, result.Json.GetProperty("transfers").GetInt64());
        Assert.All(
            await File.ReadAllLinesAsync(_folder["j"], TestContext.Current.CancellationToken),
            line => Assert.Equal(Line, line));
    }

    [Fact]
    public async Task A_journal_that_is_not_there_or_is_none_is_told()
    {
        var missing = await cluster.RunAsync($"load --resume {_folder["missing"]} -o json");
        Assert.Equal((3, "notFound"), (missing.ExitCode, missing.ErrorCode));
        await File.WriteAllTextAsync(_folder["j"], "garbage\n", TestContext.Current.CancellationToken);
        var garbage = await cluster.RunAsync($"load --resume {_folder["j"]} -o json");
        Assert.Equal((2, "invalidInput"), (garbage.ExitCode, garbage.ErrorCode));
        Assert.Contains("line 1", garbage.ErrorMessage, StringComparison.Ordinal);
    }

    private static (long Accepted, long Refused, long Unknown) Resumed(ProgramResult result)
    {
        var resumed = result.Json.GetProperty("resumed");
        return (
            resumed.GetProperty("accepted").GetInt64(),
            resumed.GetProperty("refused").GetInt64(),
            resumed.GetProperty("unknown").GetInt64());
    }
}
