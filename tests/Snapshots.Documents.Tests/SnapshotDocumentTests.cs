using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Snapshots.Protocol;

namespace Snapshots.Documents.Tests;

public sealed class SnapshotDocumentTests
{
    private static readonly CollectionProgress Progress = new(1, 2, 0, 2, ["bob", "alice->bob"]);

    [Fact]
    public void The_contracts_example_is_written_byte_for_byte_but_for_white_space()
    {
        var example = Regex.Replace(Examples.Contract, "(\"[^\"]*\")|\\s+", "$1");
        Assert.Equal(example, Examples.Of(Examples.ContractState).Text());
    }

    [Fact]
    public void The_indented_form_is_the_same_document_over_lines_that_end_alike_everywhere()
    {
        var document = Examples.Of(Examples.ContractState);
        var indented = document.Text(indented: true);
        Assert.Equal(document.Text(), Regex.Replace(indented, "(\"[^\"]*\")|\\s+", "$1"));
        Assert.StartsWith("{\n  \"schemaVersion\": 1,\n  \"id\": \"s-1\",\n", indented, StringComparison.Ordinal);
        Assert.DoesNotContain("\r", indented, StringComparison.Ordinal);
    }

    [Fact]
    public void A_document_embeds_into_other_JSON()
    {
        var document = Examples.Of(Examples.ContractState);
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, SnapshotDocument.WriterOptions(indented: false)))
        {
            writer.WriteStartArray();
            document.WriteTo(writer);
            document.WriteTo(writer);
            writer.WriteEndArray();
        }

        Assert.Equal($"[{document.Text()},{document.Text()}]", Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    [Fact]
    public void Token_states_are_written_with_the_sum_at_the_start_as_deposited() => Assert.EndsWith(
        """
        "processes":[{"id":"P","state":{"tokens":1}},{"id":"Q","state":{"tokens":1}}],
        "channels":[{"source":"P","target":"Q","sent":1,"delivered":0,
        "messages":[{"sequence":1,"type":"transfer","amount":1}]},
        {"source":"Q","target":"P","sent":0,"delivered":0,"messages":[]}],
        "certificate":{"consistent":true,"violations":[],"processCount":2,"channelCount":2,"markerCount":2,
        "messagesInTransit":1,"balance":2,"inTransit":1,"deposited":3,"withdrawn":0,"conserved":true,
        "digest":"sha256:
        """.ReplaceLineEndings(string.Empty),
        Examples.OfTokens().Text()[..^67],
        StringComparison.Ordinal);

    [Fact]
    public void A_running_snapshot_shows_its_progress_in_place_of_the_certificate()
    {
        var document = SnapshotDocument.Running(Examples.Header, Progress);
        Assert.Equal(DocumentStatus.Running, document.Status);
        Assert.Null(document.Certificate);
        Assert.Equal(
            """
            {"schemaVersion":1,"id":"s-1","status":"running","epoch":1,"initiator":"alice",
            "startedAt":"2026-01-31T12:00:00.000Z","completedAt":null,"processes":[],"channels":[],
            "progress":{"processesRecorded":1,"processesExpected":2,"channelsClosed":0,"channelsExpected":2,
            "waitingFor":["bob","alice->bob"]}}
            """.ReplaceLineEndings(string.Empty),
            document.Text());
    }

    [Fact]
    public void An_aborted_snapshot_also_says_why()
    {
        var end = Examples.Start.AddSeconds(30);
        var document = SnapshotDocument.Aborted(Examples.Header, end, Progress, "its timeout");
        Assert.Equal(DocumentStatus.Aborted, document.Status);
        Assert.Equal(
            """
            {"schemaVersion":1,"id":"s-1","status":"aborted","epoch":1,"initiator":"alice",
            "startedAt":"2026-01-31T12:00:00.000Z","completedAt":"2026-01-31T12:00:30.000Z",
            "processes":[],"channels":[],
            "progress":{"processesRecorded":1,"processesExpected":2,"channelsClosed":0,"channelsExpected":2,
            "waitingFor":["bob","alice->bob"]},"reason":"its timeout"}
            """.ReplaceLineEndings(string.Empty),
            document.Text());
    }

    [Fact]
    public void Times_are_in_UTC_to_the_millisecond()
    {
        var start = new DateTimeOffset(2026, 1, 31, 14, 0, 0, TimeSpan.FromHours(2)).AddTicks(9999);
        var document = SnapshotDocument.Running(Examples.Header with { StartedAt = start }, Progress);
        Assert.Contains("\"startedAt\":\"2026-01-31T12:00:00.000Z\"", document.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void Processes_and_channels_are_put_in_ordinal_order()
    {
        var state = new GlobalState<Figures, BankMessage>(
            [.. Examples.RichState.Processes.Reverse()], [.. Examples.RichState.Channels.Reverse()]);
        Assert.Equal(Examples.Of(Examples.RichState).Text(), Examples.Of(state).Text());
    }

    [Fact]
    public void A_state_that_breaks_a_rule_says_so_in_its_own_certificate()
    {
        var state = Examples.ContractState with { Channels = [Examples.Channel<BankMessage>("alice", "bob", 2, 3)] };
        var document = Examples.Of(state);
        Assert.Equal(["noOrphan alice->bob: 3 delivered, 2 sent"], document.Certificate!.Violations);
        Assert.False(document.Certificate.Consistent);
        Assert.False(document.Certificate.Conserved);
        Assert.Equal(
            [
                "noOrphan alice->bob: 3 delivered, 2 sent",
                "conservation: balance 70 + in transit 0 is not deposited 100 - withdrawn 0",
            ],
            Examples.Verify(document.Node()).Violations);
    }

    [Fact]
    public void An_empty_service_has_a_document_too()
    {
        var document = Examples.Of(new GlobalState<Figures, BankMessage>([], []));
        Assert.Equal(0, document.Certificate!.ProcessCount);
        Assert.Equal(
            ["initiator: alice is not a process of the document"], Examples.Verify(document.Node()).Violations);
    }

    [Fact]
    public void A_header_without_identity_or_epoch_is_refused()
    {
        SnapshotHeader[] headers =
        [
            Examples.Header with { Id = default },
            Examples.Header with { Epoch = default },
        ];
        foreach (var header in headers)
        {
            Assert.ThrowsAny<ArgumentException>(() => SnapshotDocument.Running(header, Progress));
        }
    }
}
