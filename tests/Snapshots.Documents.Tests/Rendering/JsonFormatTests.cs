using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Snapshots.Protocol;

namespace Snapshots.Documents.Tests;

public sealed class JsonFormatTests
{
    [Fact]
    public void A_state_has_names_in_camel_case_and_in_ordinal_order() => Assert.Equal(
        """{"alpha":"x","owner":"bob","units":3}""",
        State(new Shelf(3, "x", new ProcessId("bob"))));

    [Fact]
    public void A_number_keeps_every_digit() => Assert.Equal(
        """{"large":18446744073709551615,"precise":0.1000000000000000000000000001,"small":-9007199254740993}""",
        State(new Numbers(ulong.MaxValue, 0.1000000000000000000000000001m, -9007199254740993)));

    [Fact]
    public void A_number_that_JSON_does_not_have_is_a_text() =>
        Assert.Equal("""["NaN","Infinity"]""", State<double[]>([double.NaN, double.PositiveInfinity]));

    [Fact]
    public void The_order_of_a_hash_table_does_not_show()
    {
        var names = Enumerable.Range(0, 100).Select(number => $"n{number}").ToList();
        var expected = State(new Hashed([.. names], names.ToImmutableDictionary(name => name, _ => 1)));
        names.Reverse();
        Assert.Equal(expected, State(new Hashed([.. names], names.ToImmutableDictionary(name => name, _ => 1))));
        Assert.StartsWith("""{"counts":{"n0":1,"n1":1,"n10":1,""", expected, StringComparison.Ordinal);
        Assert.Contains("""},"names":["n0","n1","n10",""", expected, StringComparison.Ordinal);
    }

    [Fact]
    public void Fields_are_written_and_a_case_of_an_abstract_type_says_what_it_is()
    {
        Assert.Equal(
            """{"last":{"type":"shipment","units":4},"seen":[{"type":"shipment","units":1},{"type":"recall"}]}""",
            State(new Log { Last = new Shipment(4), Seen = [new Shipment(1), new Recall()] }));
        Assert.Equal("""{"type":"shipment","units":4}""", Message<StockMessage>(new Shipment(4)));
    }

    [Fact]
    public void The_identity_of_a_process_is_its_name_as_value_and_as_key() => Assert.Equal(
        """{"alice":["bob"]}""",
        State<IReadOnlyDictionary<ProcessId, ProcessId[]>>(
            new Dictionary<ProcessId, ProcessId[]> { [new("alice")] = [new("bob")] }));

    [Fact]
    public void A_message_that_is_no_object_is_the_field_content() => Assert.Equal("""{"content":[1,2]}""", Message<int[]>([1, 2]));

    [Fact]
    public void A_field_of_the_application_does_not_hide_the_number_of_a_message() => Assert.Equal(
        """{"_sequence":2,"__sequence":1}""", Message(new Numbered(1, 2)));

    [Fact]
    public void A_state_without_a_JSON_form_is_refused()
    {
        var ring = new Ring();
        ring.Next = ring;
        Assert.Throws<JsonException>(() => State(ring));
    }

    [Fact]
    public void A_channel_does_not_lead_the_serializer_in_a_circle() => Assert.Equal(
        """{"source":"p","target":"q"}""", State(new ChannelId(new("p"), new("q"))));

    private static string State<T>(T state) => Write(writer => new JsonFormat<T, T>().WriteState(writer, state));

    private static string Message<T>(T message) => Write(writer =>
    {
        writer.WriteStartObject();
        new JsonFormat<T, T>().WriteMessage(writer, message);
        writer.WriteEndObject();
    });

    private static string Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, SnapshotDocument.WriterOptions(indented: false))) write(writer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private sealed record Shelf(long Units, string Alpha, ProcessId Owner);

    private sealed record Numbers(ulong Large, decimal Precise, long Small);

    private sealed record Hashed(ImmutableHashSet<string> Names, ImmutableDictionary<string, int> Counts);

    private sealed record Numbered(int Sequence, [property: System.Text.Json.Serialization.JsonPropertyName("_sequence")] int Other);

    private abstract record StockMessage;

    private sealed record Shipment(long Units) : StockMessage;

    private sealed record Recall : StockMessage;

    private sealed class Log
    {
        public StockMessage? Last;

        public ImmutableArray<StockMessage> Seen { get; init; }
    }

    private sealed class Ring
    {
        public Ring? Next { get; set; }
    }
}
