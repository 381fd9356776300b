using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Snapshots.Documents.Tests;

public sealed class SnapshotVerifierTests
{
    [Fact]
    public void The_contracts_example_is_valid()
    {
        var verification = Examples.Verify(Examples.Contract);
        Assert.Empty(verification.Violations);
        Assert.True(verification.Valid);
        Assert.Equal("s-1", verification.Id.Value);
    }

    [Fact]
    public void Every_written_document_is_valid_in_both_forms()
    {
        SnapshotDocument[] documents =
            [Examples.Of(Examples.ContractState), Examples.Of(Examples.RichState), Examples.OfTokens()];
        foreach (var document in documents)
        {
            Assert.Empty(SnapshotVerifier.Verify(document.ToUtf8(indented: false)).Violations);
            Assert.Empty(SnapshotVerifier.Verify(document.ToUtf8(indented: true)).Violations);
        }
    }

    [Fact]
    public void Order_of_names_and_white_space_do_not_matter()
    {
        var node = JsonNode.Parse(Examples.Contract)!.AsObject();
        var reversed = new JsonObject();
        foreach (var (name, value) in node.Reverse()) reversed[name] = value?.DeepClone();
        var json = reversed.ToJsonString(new JsonSerializerOptions { WriteIndented = true });
        Assert.Empty(Examples.Verify(json).Violations);
    }

    [Fact]
    public void Fields_that_a_later_version_adds_are_covered_by_the_digest()
    {
        var node = JsonNode.Parse(Examples.Contract)!;
        node["processes"]![0]!["state"]!["limit"] = 5;
        Assert.StartsWith("digest: ", Assert.Single(Examples.Verify(node).Violations), StringComparison.Ordinal);
        Assert.Empty(Examples.Verify(node.WithNewDigest()).Violations);
    }

    [Fact]
    public void The_verification_is_written_as_the_contract_has_it()
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, SnapshotDocument.WriterOptions(indented: false)))
        {
            writer.WriteStartObject();
            new SnapshotVerification(new("s-1"), ["noOrphan a->b: 3 delivered, 2 sent"]).WriteMembers(writer);
            writer.WriteEndObject();
        }

        Assert.Equal(
            """{"id":"s-1","valid":false,"violations":["noOrphan a->b: 3 delivered, 2 sent"]}""",
            Encoding.UTF8.GetString(stream.ToArray()));
    }

    [Theory]
    [InlineData("tokens")]
    [InlineData("amount")]
    [InlineData("deposited")]
    public void A_changed_number_of_a_token_document_is_found_with_a_new_digest_too(string name)
    {
        var node = Examples.OfTokens().Node();
        var parent = name switch
        {
            "tokens" => node["processes"]![1]!["state"]!,
            "amount" => node["channels"]![0]!["messages"]![0]!,
            _ => node["certificate"]!,
        };
        parent[name] = (long)parent[name]! + 1;
        Assert.Contains(
            Examples.Verify(node.WithNewDigest()).Violations,
            line => line.StartsWith("conservation: ", StringComparison.Ordinal));
    }
}
