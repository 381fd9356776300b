using StackExchange.Redis;

namespace Snapshots.Bank.Hosting;

/// <summary>What a Redis says of itself that matters to a program that relies on its acknowledgements.</summary>
internal static class RedisSettings
{
    private static readonly (string Name, string Wanted, string Danger)[] Wanted =
    [
        ("appendonly", "yes", "a crash of it loses all that it has acknowledged since its last dump"),
        ("appendfsync", "always", "a crash of it loses what it has acknowledged in the last second or more"),
        ("maxmemory-policy", "noeviction", "it deletes processes when its memory is short"),
    ];

    /// <summary>Returns a line for each setting that may lose acknowledged writes.</summary>
    public static async Task<IReadOnlyList<string>> FindDangersAsync(IDatabase redis, RedisAddress address)
    {
        var dangers = new List<string>();
        try
        {
            foreach (var (name, wanted, danger) in Wanted)
            {
                var answer = (RedisValue[]?)await redis.ExecuteAsync("CONFIG", "GET", name) ?? [];
                if (answer is [_, var value] && value != wanted)
                    dangers.Add($"The Redis at {address} has {name} {value}: {danger}. Set {name} {wanted}.");
            }
        }
        catch (RedisServerException)
        {
            var names = string.Join(", ", Wanted.Select(setting => $"{setting.Name} {setting.Wanted}"));
            dangers.Add($"The Redis at {address} does not show its settings. Make sure that it has {names}.");
        }

        return dangers;
    }

    /// <summary>
    /// Reads which life of the Redis this is, and how many keys it has evicted; null if it does not say.
    /// </summary>
    public static async Task<(string RunId, long Evicted)?> ReadLifeAsync(IDatabase redis)
    {
        try
        {
            var server = redis.ExecuteAsync("INFO", "server");
            var stats = redis.ExecuteAsync("INFO", "stats");
            var runId = Field((string?)await server, "run_id");
            return (runId, long.TryParse(Field((string?)await stats, "evicted_keys"), out var evicted) ? evicted : 0);
        }
        catch (RedisServerException)
        {
            return null;
        }
    }

    private static string Field(string? text, string name) => (text ?? string.Empty).Split('\n')
        .Where(line => line.StartsWith($"{name}:", StringComparison.Ordinal))
        .Select(line => line[(name.Length + 1)..].Trim())
        .FirstOrDefault(string.Empty);
}
