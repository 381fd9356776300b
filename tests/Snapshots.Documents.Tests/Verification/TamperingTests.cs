using System.Text.Json.Nodes;

namespace Snapshots.Documents.Tests;

/// <summary>
/// Each way of changing one thing, with the old digest and with a digest computed again, and what is reported for
/// it.
/// </summary>
public sealed class TamperingTests
{
    private const string Alice = "processes[0].state";
    private const string Channel = "channels[0]";
    private const string Message = "channels[0].messages[0]";

    public static TheoryData<string, string, string[]> Changes => new()
    {
        { $"{Alice}.balance", "6", ["conservation:", "certificate.balance: the file states 52, the balances"] },
        { $"{Alice}.balance", "-5", ["process alice: the balance -5 is negative", "conservation:"] },
        { $"{Alice}.deposited", "101", ["conservation:", "certificate.deposited:"] },
        { $"{Alice}.deposited", "-1", ["process alice: deposited -1 is negative"] },
        { $"{Alice}.withdrawn", "19", ["conservation:", "certificate.withdrawn:"] },
        { $"{Alice}.withdrawn", "-1", ["process alice: withdrawn -1 is negative"] },
        { $"{Channel}.sent", "8", ["channelState alice->bob: 3 messages were in transit, 2 are recorded"] },
        { $"{Channel}.sent", "4", ["noOrphan alice->bob: 5 delivered, 4 sent"] },
        { $"{Channel}.delivered", "8", ["noOrphan alice->bob: 8 delivered, 7 sent"] },
        { $"{Channel}.delivered", "6", ["channelState alice->bob: 1 messages were in transit, 2 are recorded"] },
        { $"{Channel}.messages", "[]", ["channelState alice->bob: 2 messages", "certificate.messagesInTransit:"] },
        { $"{Channel}.target", "\"carol\"", [] },
        { $"{Channel}.target", "\"dave\"", ["closed alice->dave: dave", "channel alice->dave: dave is not a process"] },
        { $"{Channel}.target", "\"alice\"", ["channel alice->alice: leads from a process to itself"] },
        { $"{Channel}.source", "\"carol\"", ["channel bob->alice: is listed after carol->bob, not in ordinal order"] },
        { $"{Message}.sequence", "7", ["channelState alice->bob: message 7 stands in the place of 6"] },
        { $"{Message}.amount", "11", ["conservation:", "certificate.inTransit:"] },
        { $"{Message}.amount", "0", ["channel alice->bob: the amount 0 of message 6 is not in 1 … 9007199254740991"] },
        { $"{Message}.amount", "-10", ["channel alice->bob: the amount -10 of message 6"] },
        { $"{Message}.amount", "9007199254740992", ["channel alice->bob: the amount 9007199254740992 of message 6"] },
        { "processes[0].id", "\"bob\"", ["unique bob:", "initiator: alice"] },
        { "processes[0].id", "\"zoe\"", ["process bob: is listed after zoe, not in", "closed alice->bob: alice"] },
        { "initiator", "\"dave\"", ["initiator: dave is not a process of the document"] },
        { "certificate.consistent", "false", ["certificate.consistent: the file states false, its content"] },
        { "certificate.violations", "[\"none\"]", ["certificate.violations: the file states 1, they differ"] },
        { "certificate.processCount", "4", ["certificate.processCount: the file states 4, it lists 3"] },
        { "certificate.channelCount", "4", ["certificate.channelCount: the file states 4, it lists 2"] },
        { "certificate.markerCount", "4", ["certificate.markerCount: the file states 4, its channels give 2"] },
        { "certificate.messagesInTransit", "4", ["certificate.messagesInTransit: the file states 4, its"] },
        { "certificate.balance", "51", ["certificate.balance: the file states 51, the balances add up to 52"] },
        { "certificate.inTransit", "-1", ["certificate.inTransit: the file states -1, the messages add up to 32"] },
        { "certificate.deposited", "1", ["certificate.deposited: the file states 1, the deposits add up to 107"] },
        { "certificate.withdrawn", "1", ["certificate.withdrawn: the file states 1, the withdrawals add up to 23"] },
        { "certificate.conserved", "false", ["certificate.conserved: the file states false, its content gives true"] },
        { "id", "\"s-2\"", [] },
        { "epoch", "2", [] },
        { "startedAt", "\"2026-01-31T12:00:00.001Z\"", [] },
        { "completedAt", "\"2026-01-31T12:00:00.041Z\"", [] },
        { $"{Message}.type", "\"return\"", [] },
        { $"{Message}.transferId", "\"t-8\"", [] },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_change_is_named_and_so_is_the_digest(string path, string value, string[] named)
    {
        var violations = Examples.Verify(Change(path, value)).Violations;
        foreach (var name in named.Append("digest: "))
        {
            Assert.Contains(violations, line => line.StartsWith(name, StringComparison.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_change_is_named_though_the_digest_was_made_anew(string path, string value, string[] named)
    {
        var violations = Examples.Verify(Change(path, value).WithNewDigest()).Violations;
        foreach (var name in named)
        {
            Assert.Contains(violations, line => line.StartsWith(name, StringComparison.Ordinal));
        }

        Assert.Equal(named.Length == 0, violations.IsEmpty);
    }

    [Theory]
    [InlineData("sha256:00")]
    [InlineData("")]
    public void A_changed_digest_is_named(string digest)
    {
        var node = Examples.Of(Examples.RichState).Node();
        node["certificate"]!["digest"] = digest;
        Assert.StartsWith("digest: ", Assert.Single(Examples.Verify(node).Violations), StringComparison.Ordinal);
    }

    [Fact]
    public void Channels_that_changed_places_and_stand_there_twice_are_named()
    {
        var node = Examples.Of(Examples.RichState).Node();
        var channels = node["channels"]!.AsArray();
        channels.Add(channels[0]!.DeepClone());
        var violations = Examples.Verify(node.WithNewDigest()).Violations;
        Assert.Contains(violations, violation => violation.StartsWith("unique alice->bob:", StringComparison.Ordinal));
        Assert.Contains("channel alice->bob: is listed after bob->alice, not in ordinal order", violations);
    }

    [Fact]
    public void A_channel_that_carried_nothing_may_not_lead_outside_either()
    {
        var node = JsonNode.Parse(Examples.Contract)!;
        node["channels"]![1]!["target"] = "dave";
        var violations = Examples.Verify(node.WithNewDigest()).Violations;
        Assert.Equal(["channel bob->dave: dave is not a process of the document"], violations);
    }

    private static JsonNode Change(string path, string value)
    {
        var node = Examples.Of(Examples.RichState).Node();
        Paths.Find(node, path).ReplaceWith(JsonNode.Parse(value));
        return node;
    }
}
