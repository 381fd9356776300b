using System.Text.Json.Nodes;

namespace Snapshots.Client.Tests;

public sealed class DiffTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Each_difference_is_told_once()
    {
        var from = DocumentFiles.Write(
            _folder["a.json"],
            "stock",
            [("gone", "{}"), ("p", """{"n":1,"list":[1,2],"old":null,"same":{"a":1,"b":2.0}}"""), ("q", "1")],
            [("p", "q", 3, ["""{"u":1}""", """{"u":2}"""])]);
        var to = DocumentFiles.Write(
            _folder["b.json"],
            "stock",
            [("new", "{}"), ("p", """{"same":{"b":2,"a":1},"n":9007199254740993,"list":[2,1]}"""), ("q", "2")],
            [("p", "q", 4, ["""{"u":2}""", """{"u":3}"""]), ("q", "p", 0, ["""{"u":1}"""])]);
        var result = await InProcess.RunAsync("snapshot", "diff", from, to, "-o", "jsonl");
        Assert.Equal(
            """
            {"added":["new"],"removed":["gone"],"changed":[{"id":"p","field":"list","from":[1,2],"to":[2,1]},
            {"id":"p","field":"n","from":1,"to":9007199254740993},{"id":"p","field":"old","from":null,"to":null},
            {"id":"q","field":"state","from":1,"to":2}],"messages":{"appeared":2,"gone":1},
            "totals":{"processes":{"from":3,"to":3},"channels":{"from":1,"to":2},"messagesInTransit":{"from":2,"to":3}}}
            """.ReplaceLineEndings(string.Empty),
            result.Output.TrimEnd('\n'));
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("2 messages appeared, 1 went", (await InProcess.RunAsync("snapshot", "diff", from, to)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Totals_of_the_bank_are_money()
    {
        var (from, to) = (DocumentFiles.WriteBank(_folder["a"], 30), DocumentFiles.WriteBank(_folder["b"], 45));
        var totals = (await InProcess.RunAsync("snapshot", "diff", from, to, "-o", "json")).Json.GetProperty("totals");
        Assert.Equal(45, totals.GetProperty("inTransit").GetProperty("to").GetInt64());
    }

    [Fact]
    public async Task Two_applications_are_not_compared()
    {
        var bank = DocumentFiles.WriteBank(_folder["a.json"]);
        var stock = DocumentFiles.Write(_folder["b.json"], "stock", [("p", "{}")], []);
        Assert.Equal(2, (await InProcess.RunAsync("snapshot", "diff", bank, stock)).ExitCode);
        Assert.Equal(3, (await InProcess.RunAsync("snapshot", "diff", bank, _folder["no-such"])).ExitCode);
    }

    /// <summary>Random documents against a comparison that shares no code with the program.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task It_agrees_with_another_program(int seed)
    {
        var random = new Random(seed);
        var (from, to) = (WriteRandom("a.json", random), WriteRandom("b.json", random));
        var result = await InProcess.RunAsync("snapshot", "diff", from, to, "-o", "json");
        Assert.True(result.ExitCode == 0, result.ToString());
        var json = JsonNode.Parse(result.Output)!.AsObject();
        json.Remove("totals");
        var expected = Compare(await ReadAsync(from), await ReadAsync(to));
        Assert.Equal(expected.ToJsonString(), json.ToJsonString());
        Assert.NotEmpty(json["changed"]!.AsArray());
        Assert.True(json["messages"]!["gone"]!.GetValue<long>() > 0);
    }

    private static async Task<JsonNode> ReadAsync(string path) =>
        JsonNode.Parse(await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken))!;

    private static JsonObject Compare(JsonNode from, JsonNode to)
    {
        var (left, right) = (States(from), States(to));
        var changed = new JsonArray();
        foreach (var (id, before) in left)
        {
            if (!right.TryGetValue(id, out var after)) continue;
            var fields = new SortedSet<string>(StringComparer.Ordinal);
            foreach (var (name, _) in before) fields.Add(name);
            foreach (var (name, _) in after) fields.Add(name);
            foreach (var name in fields)
            {
                if (before.ContainsKey(name) && after.ContainsKey(name) && JsonNode.DeepEquals(before[name], after[name]))
                    continue;
                changed.Add(new JsonObject
                {
                    ["id"] = id,
                    ["field"] = name,
                    ["from"] = before[name]?.DeepClone(),
                    ["to"] = after[name]?.DeepClone(),
                });
            }
        }

        var (sentBefore, sentAfter) = (Messages(from), Messages(to));
        return new JsonObject
        {
            ["added"] = new JsonArray([.. right.Keys.Except(left.Keys).Select(id => (JsonNode)id)]),
            ["removed"] = new JsonArray([.. left.Keys.Except(right.Keys).Select(id => (JsonNode)id)]),
            ["changed"] = changed,
            ["messages"] = new JsonObject
            {
                ["appeared"] = sentAfter.Except(sentBefore).Count(),
                ["gone"] = sentBefore.Except(sentAfter).Count(),
            },
        };
    }

    private static SortedDictionary<string, JsonObject> States(JsonNode document) => new(
        document["processes"]!.AsArray().ToDictionary(
            process => process!["id"]!.GetValue<string>(), process => process!["state"]!.AsObject()),
        StringComparer.Ordinal);

    private static HashSet<string> Messages(JsonNode document) =>
    [
        .. document["channels"]!.AsArray().SelectMany(channel => channel!["messages"]!.AsArray().Select(message =>
            $"{channel["source"]} {channel["target"]} {message!.ToJsonString()}")),
    ];

    private string WriteRandom(string name, Random random)
    {
        string[] values = ["0", "1", "\"x\"", "null", "[1,2]", "{\"a\":1}", "true"];
        var processes = Enumerable.Range(0, 40).Where(_ => random.Next(8) > 0).Select(number => $"p{number:00}").ToList();
        var channels = processes.SelectMany(source => processes.Select(target => (source, target)))
            .Where(channel => channel.source != channel.target && random.Next(30) == 0)
            .Select(channel => (channel.source, channel.target, random.Next(2), Enumerable.Range(0, random.Next(4))
                .Select(_ => $$"""{"v":{{values[random.Next(values.Length)]}}}""").ToArray()))
            .ToList();
        return DocumentFiles.Write(
            _folder[name],
            "stock",
            [.. processes.Select(id => (id, $$"""{"a":{{Value()}},"b":{{Value()}}{{(random.Next(3) == 0 ? ",\"c\":1" : "")}}}"""))],
            channels);

        string Value() => values[random.Next(values.Length)];
    }
}
