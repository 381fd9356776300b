using System.Text.Json;
using System.Text.Json.Nodes;

namespace Snapshots.Documents.Tests;

/// <summary>Changes every value of a document in many ways, one at a time: none passes.</summary>
public sealed class MutationTests
{
    /// <summary>What nothing but the digest covers: names, times and kinds, to which no arithmetic applies.</summary>
    private static readonly string[] OnlyDigest = ["id", "epoch", "startedAt", "completedAt", "type", "transferId"];

    [Fact]
    public void No_changed_value_passes_with_the_digest_as_it_was()
    {
        foreach (var (path, mutant) in Mutants()) AssertFails(path, mutant);
    }

    [Fact]
    public void No_changed_number_passes_with_a_new_digest()
    {
        var seen = 0;
        foreach (var (path, mutant) in Mutants())
        {
            if (OnlyDigest.Contains(path.Split('.')[^1])) continue;
            if (path == "certificate.digest") continue;
            if (path == "initiator") continue; // Another member would be as good.
            if (mutant["certificate"] is not JsonObject) continue;
            AssertFails(path, mutant.WithNewDigest());
            seen++;
        }

        Assert.True(seen > 300, $"only {seen} mutants were seen");
    }

    [Fact]
    public void Nothing_can_be_left_out_or_repeated()
    {
        var whole = Examples.Of(Examples.RichState).Node();
        foreach (var path in Paths.All(whole))
        {
            var node = whole.DeepClone();
            if (path == "certificate.digest") continue; // A new one would take its place.
            var removed = Paths.Find(node, path);
            if (removed.Parent is JsonArray list) list.Remove(removed);
            else removed.Parent!.AsObject().Remove(removed.GetPropertyName());
            if (node["certificate"] is JsonObject) AssertFails($"without {path}", node.WithNewDigest());

            node = whole.DeepClone();
            if (Paths.Find(node, path) is not { Parent: JsonArray items } repeated) continue;
            items.Insert(repeated.GetElementIndex(), repeated.DeepClone());
            AssertFails($"twice {path}", node.WithNewDigest());
        }
    }

    private static IEnumerable<(string Path, JsonNode Mutant)> Mutants()
    {
        var whole = Examples.Of(Examples.RichState).Node();
        foreach (var path in Paths.All(whole))
        {
            var original = Paths.Find(whole, path).ToJsonString();
            foreach (var replacement in Replacements(Paths.Find(whole, path)))
            {
                if (replacement == original) continue;
                var mutant = whole.DeepClone();
                Paths.Find(mutant, path).ReplaceWith(JsonNode.Parse(replacement));
                yield return (path, mutant);
            }
        }
    }

    private static string[] Replacements(JsonNode value) => value.GetValueKind() switch
    {
        JsonValueKind.Number =>
        [
            $"{(long)value + 1}", $"{(long)value - 1}", $"{(long)value + 2}", $"{((long)value * 10) + 7}", "-1",
            "9223372036854775807", $"{(long)value}.0", $"{(long)value}.5", "1e20",
            "9223372036854775808", $"\"{(long)value}\"", "null",
        ],
        JsonValueKind.String =>
        [
            $"\"{(string)value!}x\"", $"\"x{(string)value!}\"", "\"\"", "\"bob\"", "\"no name\"", "0", "null", "[]",
        ],
        JsonValueKind.True or JsonValueKind.False => ["false", "0", "null", "\"true\""],
        _ => ["null", "0", "\"\"", "[]", "{}"],
    };

    private static void AssertFails(string path, JsonNode mutant)
    {
        try
        {
            Assert.False(Examples.Verify(mutant).Valid, $"{path} was changed and nothing noticed: {mutant}");
        }
        catch (DocumentFormatException error)
        {
            Assert.DoesNotContain('\n', error.Message);
        }
    }
}
