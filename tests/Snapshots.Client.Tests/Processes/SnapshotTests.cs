using System.Globalization;
using System.Text.Json;

namespace Snapshots.Client.Tests;

public sealed class SnapshotTests(BankCluster cluster) : IClassFixture<BankCluster>, IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();

    public async ValueTask InitializeAsync() => await cluster.RunAsync("account open alice --deposit 100");

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task The_same_id_is_the_same_snapshot()
    {
        var first = await cluster.RunAsync("snapshot take --id same -o json");
        await cluster.RunAsync("account deposit alice 1");
        var second = await cluster.RunAsync("snapshot take --id same -o json");
        Assert.Equal((0, first.Output), (second.ExitCode, second.Output));
        Assert.Equal(first.Output, (await cluster.RunAsync("snapshot show same -o json")).Output);
        Assert.Equal(first.Output, (await cluster.RunAsync("snapshot wait same -o json")).Output);
    }

    [Fact]
    public async Task An_id_is_made_up_and_the_list_is_newest_first()
    {
        var id = (await cluster.RunAsync("snapshot take -o json")).Json.GetProperty("id").GetString();
        await cluster.RunAsync("snapshot take --id newest --detach");
        await cluster.RunAsync("snapshot wait newest");
        var list = (await cluster.RunAsync("snapshot list --limit 2 -o json")).Json;
        Assert.Equal(["newest", id], list.EnumerateArray().Select(each => each.GetProperty("id").GetString()));
    }

    [Fact]
    public async Task What_is_not_there_is_not_found()
    {
        foreach (var command in new[] { "show", "wait", "abort", "delete", "verify", "pin", "unpin" })
        {
            var result = await cluster.RunAsync($"snapshot {command} nosuch -o json");
            Assert.Equal((3, "notFound"), (result.ExitCode, result.ErrorCode));
        }

        Assert.Equal(3, (await cluster.RunAsync("snapshot take --initiator nobody")).ExitCode);
        Assert.Equal(3, (await cluster.RunAsync($"snapshot export nosuch --file {_folder["f"]}")).ExitCode);
        Assert.Equal(3, (await cluster.RunAsync($"snapshot verify --file {_folder["f"]}")).ExitCode);
    }

    [Fact]
    public async Task A_file_is_written_whole_or_not_at_all()
    {
        await cluster.RunAsync("snapshot take --id export");
        var nowhere = await cluster.RunAsync($"snapshot export export --file {_folder["no/such/folder"]} -o json");
        Assert.Equal((1, "unexpected"), (nowhere.ExitCode, nowhere.ErrorCode));
        var folder = await cluster.RunAsync($"snapshot export export --file {_folder.Path} -o json");
        Assert.Equal((1, "unexpected"), (folder.ExitCode, folder.ErrorCode));
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(_folder.Path)!, Path.GetFileName(_folder.Path) + "*"));
    }

    [Theory]
    [InlineData("no JSON")]
    [InlineData("{}")]
    [InlineData("""{"schemaVersion":2}""")]
    public async Task A_file_that_is_no_document_is_invalid_input(string content)
    {
        await File.WriteAllTextAsync(_folder["f"], content, TestContext.Current.CancellationToken);
        var result = await InProcess.RunAsync("snapshot", "verify", "--file", _folder["f"], "-o", "json");
        Assert.Equal((2, "invalidInput"), (result.ExitCode, result.ErrorCode));
    }

    [Fact]
    public async Task A_snapshot_that_ended_can_be_deleted_and_not_aborted()
    {
        await cluster.RunAsync("snapshot take --id over");
        Assert.Equal(2, (await cluster.RunAsync("snapshot abort over")).ExitCode);
        Assert.Equal(0, (await cluster.RunAsync("snapshot delete over")).ExitCode);
        Assert.Equal(3, (await cluster.RunAsync("snapshot show over")).ExitCode);
    }

    [Fact]
    public async Task A_pinned_snapshot_is_not_deleted_until_it_is_unpinned()
    {
        await cluster.RunAsync("snapshot take --id pinned");
        Assert.True((await cluster.RunAsync("snapshot pin pinned -o json")).Json.GetProperty("pinned").GetBoolean());
        Assert.Equal(0, (await cluster.RunAsync("snapshot pin pinned")).ExitCode);
        var refused = await cluster.RunAsync("snapshot delete pinned -o json");
        Assert.Equal((8, "pinned"), (refused.ExitCode, refused.ErrorCode));
        var listed = (await cluster.RunAsync("snapshot list -o json")).Json.EnumerateArray()
            .Single(each => each.GetProperty("id").GetString() == "pinned");
        Assert.Equal(("user", true), (listed.GetProperty("origin").GetString(), listed.GetProperty("pinned").GetBoolean()));
        Assert.True(listed.GetProperty("bytes").GetInt64() > 0);
        Assert.False((await cluster.RunAsync("snapshot unpin pinned -o json")).Json.GetProperty("pinned").GetBoolean());
        Assert.Equal(0, (await cluster.RunAsync("snapshot delete pinned")).ExitCode);
    }

    [Fact]
    public async Task A_schedule_takes_snapshots_by_itself_until_it_is_cleared()
    {
        var none = (await cluster.RunAsync("schedule show -o json")).Json;
        Assert.Equal(JsonValueKind.Null, none.GetProperty("every").ValueKind);
        var set = await cluster.RunAsync("schedule set --every 1 --keep-last 2 --keep-for 3600 -o json");
        Assert.Equal((1, 2, 3600), (Number(set, "every"), Number(set, "keepLast"), Number(set, "keepFor")));
        Assert.Equal(set.Json.GetProperty("every").GetRawText(), (await cluster.RunAsync("schedule show -o json")).Json.GetProperty("every").GetRawText());
        await Until(async () => await HighestAsync() >= 4); // Numbers that only the schedule uses.
        Assert.Contains("no schedule", (await cluster.RunAsync("schedule clear")).Output, StringComparison.Ordinal);
        await Until(async () => (await ScheduledAsync()).TrueForAll(each => each.GetProperty("status").GetString() == "completed"));
        Assert.InRange((await ScheduledAsync()).Count, 1, 3); // The limit was the schedule's: the last one came after it.
        foreach (var command in new[] { "--every 0.5", "--every x", "--every 1 --keep-last 0", "--every 1 --keep-for 0", "" })
        {
            Assert.Equal(2, (await cluster.RunAsync($"schedule set {command}")).ExitCode);
        }
    }

    private static int Number(ProgramResult result, string name) => result.Json.GetProperty(name).GetInt32();

    private static async Task Until(Func<Task<bool>> holds)
    {
        for (var deadline = DateTime.UtcNow.AddSeconds(30); !await holds();)
        {
            Assert.True(DateTime.UtcNow < deadline, "it did not happen within 30 s");
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }

    private async Task<List<JsonElement>> ScheduledAsync() =>
        [.. (await cluster.RunAsync("snapshot list --limit 1000 -o json")).Json.EnumerateArray()
            .Where(each => each.GetProperty("origin").GetString() == "schedule")];

    private async Task<long> HighestAsync() => (await ScheduledAsync())
        .Select(each => long.Parse(each.GetProperty("id").GetString()!["scheduled-".Length..], CultureInfo.InvariantCulture))
        .DefaultIfEmpty().Max();

    [Fact]
    public async Task A_table_adds_up()
    {
        var result = await cluster.RunAsync("snapshot take");
        Assert.Equal(0, result.ExitCode);
        Assert.Contains(" in accounts + 0 in transit = ", result.Output, StringComparison.Ordinal);
        Assert.Contains("consistent", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', result.Output);
    }
}
