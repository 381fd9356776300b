namespace Snapshots.Client.Tests;

public sealed class AccountTests(BankCluster cluster) : IClassFixture<BankCluster>
{
    [Fact]
    public async Task What_became_of_a_transfer_is_shown()
    {
        await cluster.RunAsync("account open payer --deposit 100");
        await cluster.RunAsync("account open payee");
        await cluster.RunAsync("transfer payer payee 30 --id fate-1");
        await cluster.RunAsync("transfer payer nobody-here 20 --id fate-2");
        await cluster.RunAsync("transfer payer payee 3000 --id fate-3");
        await cluster.RunAsync("account deposit payer 1 --id fate-4");
        await cluster.RunAsync("snapshot take"); // Its markers follow the money.
        await cluster.RunAsync("snapshot take"); // And now what came back.

        var arrived = await cluster.RunAsync("transfer show payer fate-1 -o json");
        Assert.Equal("""{"id":"fate-1","from":"payer","to":"payee","outcome":"arrived"}""", Compact(arrived));
        Assert.Equal("returned", (await cluster.RunAsync("transfer show payer fate-2 -o json")).Json.GetProperty("outcome").GetString());
        Assert.Equal(
            "transfer fate-2 of payer to nobody-here: the money came back\n",
            (await cluster.RunAsync("transfer show payer fate-2")).Output);
        var refused = await cluster.RunAsync("transfer show payer fate-3 -o json");
        Assert.Equal("""{"id":"fate-3","from":"payer","outcome":"refused"}""", Compact(refused));
        foreach (var unknown in new[] { "payer fate-4", "payer fate-5", "nobody-at-all fate-1" })
        {
            var result = await cluster.RunAsync($"transfer show {unknown} -o json");
            Assert.Equal((3, "notFound"), (result.ExitCode, result.ErrorCode));
            Assert.Equal("unknown", result.Json.GetProperty("outcome").GetString());
        }

        static string Compact(ProgramResult result) =>
            System.Text.Json.Nodes.JsonNode.Parse(result.Json.GetRawText())!.ToJsonString();
    }

    [Fact]
    public async Task Refusals_have_codes()
    {
        await cluster.RunAsync("account open rich --deposit 9007199254740991");
        await cluster.RunAsync("account open poor");
        await AssertFailsAsync("account open rich", 8, "alreadyOpen");
        await AssertFailsAsync("account deposit rich 1", 8, "overflow");
        await AssertFailsAsync("account withdraw poor 1", 8, "insufficientFunds");
        await AssertFailsAsync("account deposit nobody 1", 8, "notOpen");
        await AssertFailsAsync("account show nobody", 3, "notFound");
        await AssertFailsAsync("transfer poor rich 5", 8, "insufficientFunds");
        await AssertFailsAsync("transfer nobody rich 5", 8, "notOpen");
        await AssertFailsAsync("account list --cluster-id other --timeout 3", 7, "clusterUnreachable");
    }

    [Fact]
    public async Task A_key_belongs_to_one_request()
    {
        await cluster.RunAsync("account open keyed --deposit 100");
        await cluster.RunAsync("account withdraw keyed 10 --id k");
        var again = await cluster.RunAsync("account withdraw keyed 10 --id k -o json");
        Assert.True(again.Json.GetProperty("duplicate").GetBoolean());
        await AssertFailsAsync("account withdraw keyed 11 --id k", 2, "invalidInput");
        var account = (await cluster.RunAsync("account show keyed -o json")).Json;
        Assert.Equal(
            (90L, 100L, 10L, true),
            (account.GetProperty("balance").GetInt64(), account.GetProperty("deposited").GetInt64(),
                account.GetProperty("withdrawn").GetInt64(), account.GetProperty("open").GetBoolean()));
    }

    [Fact]
    public async Task A_refused_transfer_tells_its_id_and_outcome_beside_the_error()
    {
        await cluster.RunAsync("account open broke");
        var result = await cluster.RunAsync("transfer broke other 5 --id r-1 -o json");
        Assert.Equal(
            ("r-1", "refused"),
            (result.Json.GetProperty("id").GetString(), result.Json.GetProperty("outcome").GetString()));
    }

    [Fact]
    public async Task A_transfer_without_an_answer_names_the_id_to_repeat_it_with()
    {
        var result = await cluster.RunAsync("transfer slow-payer bob 5 --timeout 8 -o json");
        Assert.Equal((4, "timeout"), (result.ExitCode, result.ErrorCode));
        var id = result.Json.GetProperty("id").GetString()!;
        Assert.StartsWith("t-", id, StringComparison.Ordinal);
        Assert.Contains($"--id {id}", result.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal("unknown", result.Json.GetProperty("outcome").GetString());
        await AssertFailsAsync("account show slow-account --timeout 8", 4, "timeout");
    }

    [Fact]
    public async Task A_full_disk_is_one_line()
    {
        var result = await cluster.RunAsync("account open full-account");
        Assert.Equal(1, result.ExitCode);
        Assert.Single(result.Error.TrimEnd('\n').Split('\n'));
        var transfer = await cluster.RunAsync("transfer full-payer bob 5 --id f-1 -o json");
        Assert.Equal((1, "unexpected"), (transfer.ExitCode, transfer.ErrorCode));
        Assert.Contains("--id f-1", transfer.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_is_in_ordinal_order_and_jsonl_has_a_line_for_each()
    {
        await cluster.RunAsync("account open b1");
        await cluster.RunAsync("account open B1");
        var ids = (await cluster.RunAsync("account list -o json")).Json.EnumerateArray().Select(
            account => account.GetProperty("id").GetString()).ToList();
        Assert.Equal(ids.Order(StringComparer.Ordinal), ids);
        var lines = (await cluster.RunAsync("account list -o jsonl")).Output.TrimEnd('\n').Split('\n');
        Assert.Equal(ids.Count, lines.Length);
        var table = await cluster.RunAsync("account list");
        Assert.DoesNotContain('\u001b', table.Output);
        Assert.Equal(ids.Count + 1, table.Output.TrimEnd('\n').Split('\n').Length);
    }

    private async Task AssertFailsAsync(string commandLine, int exitCode, string code)
    {
        var result = await cluster.RunAsync($"{commandLine} -o json");
        Assert.True(result.ExitCode == exitCode, $"{commandLine}: {result}");
        Assert.Equal(code, result.ErrorCode);
    }
}
