using System.Text;
using System.Text.Json.Nodes;
using Snapshots.Protocol;

namespace Snapshots.Documents.Tests;

public sealed class SchemaErrorTests
{
    private const string State = "processes[1].state";
    private const string Message = "channels[0].messages[0]";

    [Theory]
    [InlineData("schemaVersion", "2", "schemaVersion is 2; this program reads 1")]
    [InlineData("schemaVersion", "1.0", "schemaVersion is not an integer of 64 bits")]
    [InlineData("id", "\"a b\"", "id is not an identifier: 1 to 64 of letters, digits, . _ - :")]
    [InlineData("id", "7", "id is not a string")]
    [InlineData("status", "\"running\"", "the document has no certificate: the snapshot is running")]
    [InlineData("status", "\"aborted\"", "the document has no certificate: the snapshot is aborted")]
    [InlineData("status", "\"done\"", "status is not one of running, completed, aborted")]
    [InlineData("epoch", "0", "epoch is not above 0")]
    [InlineData("initiator", "\"\"", "initiator is not an identifier: 1 to 64 of letters, digits, . _ - :")]
    [InlineData("startedAt", "\"2026-01-31T12:00:00Z\"", "startedAt is not a time such as 2026-01-31T12:00:00.000Z")]
    [InlineData(
        "startedAt", "\"2026-02-30T12:00:00.000Z\"", "startedAt is not a time such as 2026-01-31T12:00:00.000Z")]
    [InlineData(
        "completedAt",
        "\"2026-01-31T12:00:00.000+00:00\"",
        "completedAt is not a time such as 2026-01-31T12:00:00.000Z")]
    [InlineData("completedAt", "null", "completedAt is not a string")]
    [InlineData("processes", "{}", "processes is not an array")]
    [InlineData("processes[1]", "[]", "processes[1] is not an object")]
    [InlineData("processes[1].id", "null", "processes[1].id is not a string")]
    [InlineData(State, "{}", "processes[1].state has no balance")]
    [InlineData(State, "{\"tokens\":3}", "processes[1].state has no balance")]
    [InlineData($"{State}.balance", "1e0", $"{State}.balance is not an integer of 64 bits")]
    [InlineData($"{State}.balance", "0.5", $"{State}.balance is not an integer of 64 bits")]
    [InlineData($"{State}.balance", "9223372036854775808", $"{State}.balance is not an integer of 64 bits")]
    [InlineData($"{State}.deposited", "\"0\"", $"{State}.deposited is not an integer of 64 bits")]
    [InlineData("channels", "null", "channels is not an array")]
    [InlineData(
        "channels[1].source",
        "\"b/c\"",
        "channels[1].source is not an identifier: 1 to 64 of letters, digits, . _ - :")]
    [InlineData("channels[1].sent", "-1", "channels[1].sent is negative")]
    [InlineData("channels[1].delivered", "-1", "channels[1].delivered is negative")]
    [InlineData($"{Message}.sequence", "-1", $"{Message}.sequence is negative")]
    [InlineData($"{Message}.type", "\"gift\"", $"{Message}.type is neither transfer nor return")]
    [InlineData(
        $"{Message}.transferId",
        "\"\"",
        $"{Message}.transferId is not an identifier: 1 to 64 of letters, digits, . _ - :")]
    [InlineData($"{Message}.amount", "30.0", $"{Message}.amount is not an integer of 64 bits")]
    [InlineData($"{State}.withdrawn", "1e400", "a number is too large for a double")]
    [InlineData("certificate", "[]", "certificate is not an object")]
    [InlineData("certificate.consistent", "1", "certificate.consistent is neither true nor false")]
    [InlineData("certificate.violations", "[3]", "certificate.violations[0] is not a string")]
    [InlineData("certificate.markerCount", "-2", "certificate.markerCount is negative")]
    [InlineData("certificate.balance", "7e1", "certificate.balance is not an integer of 128 bits")]
    [InlineData(
        "certificate.balance",
        "170141183460469231731687303715884105728",
        "certificate.balance is not an integer of 128 bits")]
    [InlineData("certificate.digest", "null", "certificate.digest is not a string")]
    public void A_wrong_value_is_told_with_its_place(string path, string value, string message)
    {
        var node = JsonNode.Parse(Examples.Contract)!;
        Paths.Find(node, path).ReplaceWith(JsonNode.Parse(value));
        Assert.Equal(message, Error(node.ToJsonString()));
    }

    [Theory]
    [InlineData("schemaVersion", "the document has no schemaVersion")]
    [InlineData("certificate", "the document has no certificate")]
    [InlineData("certificate.digest", "certificate has no digest")]
    [InlineData($"{Message}.transferId", $"{Message} has no transferId")]
    public void A_missing_field_is_told_with_its_place(string path, string message)
    {
        var node = JsonNode.Parse(Examples.Contract)!;
        var missing = Paths.Find(node, path);
        missing.Parent!.AsObject().Remove(missing.GetPropertyName());
        Assert.Equal(message, Error(node.ToJsonString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("snapshot")]
    [InlineData("{")]
    [InlineData("{} {}")]
    [InlineData("{\"a\":1,}")]
    [InlineData("{/* */}")]
    [InlineData("{\"id\":\"a\",\"id\":\"a\"}")]
    [InlineData("{\"id\":\"a\",\"\\u0069d\":\"a\"}")]
    [InlineData("{\"a\\nb\":1,\"a\\nb\":2}")]
    [InlineData("{\"a\":NaN}")]
    [InlineData("{\"\\ud800\":1,\"b\":2}")]
    public void What_is_not_JSON_is_told_in_one_line(string json) =>
        Assert.StartsWith("not JSON: ", Error(json), StringComparison.Ordinal);

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("7")]
    public void Other_JSON_is_told(string json) => Assert.Equal("the document is not an object", Error(json));

    [Fact]
    public void Too_deep_nesting_is_told()
    {
        var nested = new string('[', 70) + new string(']', 70);
        Assert.StartsWith("not JSON: ", Error($"{{\"schemaVersion\":1,\"x\":{nested}}}"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_lone_surrogate_in_an_unknown_field_is_told() => Assert.Equal(
        "a string is not Unicode text: a lone surrogate, or bytes that are not UTF-8",
        Error(Examples.Contract.Replace("\"epoch\"", "\"x\":\"\\ud800\",\"epoch\"", StringComparison.Ordinal)));

    [Fact]
    public void A_lone_surrogate_in_the_digest_which_the_canonical_form_leaves_out_is_told() => Assert.Equal(
        "certificate.digest is not Unicode text",
        Error(Examples.Contract.Replace("sha256:", "\\ud800", StringComparison.Ordinal)));

    [Fact]
    public void Documents_of_unfinished_snapshots_are_told_from_foreign_ones()
    {
        var progress = new CollectionProgress(0, 1, 0, 0, ["alice"]);
        Assert.Equal(
            "the document has no certificate: the snapshot is running",
            Error(SnapshotDocument.Running(Examples.Header, progress).Text()));
        Assert.Equal(
            "the document has no certificate: the snapshot is aborted",
            Error(SnapshotDocument.Aborted(Examples.Header, Examples.Start, progress, "by a user").Text()));
    }

    private static string Error(string json)
    {
        var error = Assert.Throws<DocumentFormatException>(() => SnapshotVerifier.Verify(Encoding.UTF8.GetBytes(json)));
        Assert.DoesNotContain('\n', error.Message);
        return error.Message;
    }
}
