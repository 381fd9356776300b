using System.Globalization;
using System.Text.Json.Nodes;

namespace Snapshots.Documents.Tests;

/// <summary>Finds values in a document by paths such as <c>processes[0].state.balance</c>.</summary>
internal static class Paths
{
    private static readonly char[] Separators = ['.', '[', ']'];

    public static JsonNode Find(JsonNode root, string path)
    {
        var node = root;
        foreach (var step in path.Split(Separators, StringSplitOptions.RemoveEmptyEntries))
        {
            node = node is JsonArray ? node[int.Parse(step, CultureInfo.InvariantCulture)]! : node[step]!;
        }

        return node;
    }

    /// <summary>The paths of every value below the root, objects and arrays too.</summary>
    public static IEnumerable<string> All(JsonNode node) => node switch
    {
        JsonObject item => item.SelectMany(property => All(property.Value!).Prepend(property.Value!.GetPath()[2..])),
        JsonArray list => list.SelectMany(item => All(item!).Prepend(item!.GetPath()[2..])),
        _ => [],
    };
}
