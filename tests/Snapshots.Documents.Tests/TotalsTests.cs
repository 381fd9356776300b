using System.Globalization;
using System.Text.Json.Nodes;
using Snapshots.Protocol;

namespace Snapshots.Documents.Tests;

/// <summary>Totals are exact beyond what a double and beyond what 64 bits can hold.</summary>
public sealed class TotalsTests
{
    private static readonly string[] Members = ["alice", "bob", "carol"];

    [Theory]
    [InlineData((1L << 53) - 1, "27021597764222973")]
    [InlineData(long.MaxValue, "27670116110564327421")]
    public void Large_totals_are_written_as_plain_integers_and_verified_to_the_unit(long balance, string total)
    {
        var document = Examples.Of(Large(balance));
        var certificate = document.Node()["certificate"]!;
        Assert.Equal(total, certificate["balance"]!.ToJsonString());
        Assert.Equal(total, certificate["deposited"]!.ToJsonString());
        Assert.True(document.Certificate!.Conserved);
        Assert.True(Examples.Verify(document.Node()).Valid);
    }

    [Theory]
    [InlineData("balance", "balances")]
    [InlineData("deposited", "deposits")]
    public void One_unit_too_many_is_found_although_the_digest_cannot_tell(string figure, string parts)
    {
        var node = Examples.Of(Large(long.MaxValue)).Node();
        var digest = node["certificate"]!["digest"]!.ToJsonString();
        var total = Int128.Parse(node["certificate"]![figure]!.ToJsonString(), CultureInfo.InvariantCulture);
        node["certificate"]![figure] = JsonNode.Parse((total + 1).ToString(CultureInfo.InvariantCulture));
        Assert.Equal(digest, node.WithNewDigest()["certificate"]!["digest"]!.ToJsonString());
        Assert.Equal(
            [$"certificate.{figure}: the file states {total + 1}, the {parts} add up to {total}"],
            Examples.Verify(node).Violations);
    }

    private static GlobalState<Figures, BankMessage> Large(long balance) => new(
        [.. Members.Select(id => Examples.Process(id, new Figures(balance, balance, 0)))], []);
}
