using System.Collections.Immutable;

namespace Snapshots.Reading;

/// <summary>What differs between two snapshots.</summary>
/// <param name="Added">Processes of the second alone, in ordinal order.</param>
/// <param name="Removed">Processes of the first alone, in ordinal order.</param>
/// <param name="Changed">Fields of states that differ, by process and field in ordinal order.</param>
/// <param name="Appeared">Messages in transit in the second alone.</param>
/// <param name="Gone">Messages in transit in the first alone.</param>
/// <param name="Totals">Sums over each of them, by their names.</param>
public sealed record SnapshotDifference(
    ImmutableArray<ProcessId> Added,
    ImmutableArray<ProcessId> Removed,
    ImmutableArray<FieldChange> Changed,
    long Appeared,
    long Gone,
    ImmutableArray<(string Name, Int128 From, Int128 To)> Totals)
{
    /// <summary>Compares two snapshots of one application.</summary>
    /// <remarks>
    /// JSON is compared by its meaning: the order of names does not matter, nor how a number is written. Messages are
    /// the same when channel, number and content are.
    /// </remarks>
    /// <exception cref="QueryException">A snapshot lists something twice, or they are of two applications.</exception>
    public static SnapshotDifference Of(RenderedSnapshot from, RenderedSnapshot to)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        if (from.Application != to.Application)
        {
            throw new QueryException(
                $"the snapshots are of two applications: {NameOf(from)} and {NameOf(to)}", isTooLate: false);
        }

        var (before, after) = (StatesOf(from), StatesOf(to));
        var (gone, appeared) = (MessagesOf(from), MessagesOf(to));
        long both = gone.Count(message =>
            appeared.TryGetValue(message.Key, out var content) && IsSame(message.Value, content));
        return new(
            [.. after.Keys.Where(id => !before.ContainsKey(id)).Order()],
            [.. before.Keys.Where(id => !after.ContainsKey(id)).Order()],
            [.. before.Where(process => after.ContainsKey(process.Key))
                .OrderBy(process => process.Key)
                .SelectMany(process => Compare(process.Key, process.Value, after[process.Key]))],
            appeared.Count - both,
            gone.Count - both,
            [.. TotalsOf(from, to)]);
    }

    private static string NameOf(RenderedSnapshot snapshot) => snapshot.Application ?? ArchiveHeader.Bank;

    /// <summary>Writes the members of the difference into an open object.</summary>
    public void Write(Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        WriteIds(writer, "added", Added);
        WriteIds(writer, "removed", Removed);
        writer.WriteStartArray("changed");
        foreach (var change in Changed)
        {
            writer.WriteStartObject();
            writer.WriteString("id", change.Id.Value);
            writer.WriteString("field", change.Field);
            WriteValue(writer, "from", change.From);
            WriteValue(writer, "to", change.To);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartObject("messages");
        writer.WriteNumber("appeared", Appeared);
        writer.WriteNumber("gone", Gone);
        writer.WriteEndObject();
        writer.WriteStartObject("totals");
        foreach (var (name, from, to) in Totals)
        {
            writer.WriteStartObject(name);
            writer.WritePropertyName("from");
            writer.WriteRawValue(from.ToString(CultureInfo.InvariantCulture));
            writer.WritePropertyName("to");
            writer.WriteRawValue(to.ToString(CultureInfo.InvariantCulture));
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static List<(string Name, Int128 From, Int128 To)> TotalsOf(RenderedSnapshot from, RenderedSnapshot to)
    {
        List<(string Name, Int128 From, Int128 To)> totals =
        [
            ("processes", from.State.Processes.Length, to.State.Processes.Length),
            ("channels", from.State.Channels.Length, to.State.Channels.Length),
            ("messagesInTransit", CountOf(from), CountOf(to)),
        ];
        if (from.Money() is { } before && to.Money() is { } after)
        {
            totals.Add(("balance", before.Balance, after.Balance));
            totals.Add(("inTransit", before.InTransit, after.InTransit));
            totals.Add(("deposited", before.Deposited, after.Deposited));
            totals.Add(("withdrawn", before.Withdrawn, after.Withdrawn));
        }

        return totals;
    }

    private static long CountOf(RenderedSnapshot snapshot) =>
        snapshot.State.Channels.Sum(channel => (long)channel.Messages.Length);

    private static void WriteIds(Utf8JsonWriter writer, string name, IEnumerable<ProcessId> ids)
    {
        writer.WriteStartArray(name);
        foreach (var id in ids) writer.WriteStringValue(id.Value);
        writer.WriteEndArray();
    }

    private static void WriteValue(Utf8JsonWriter writer, string name, JsonElement? value)
    {
        writer.WritePropertyName(name);
        if (value is { } element) element.WriteTo(writer);
        else writer.WriteNullValue();
    }

    private static Dictionary<ProcessId, ReadOnlyMemory<byte>> StatesOf(RenderedSnapshot snapshot)
    {
        var states = new Dictionary<ProcessId, ReadOnlyMemory<byte>>();
        foreach (var process in snapshot.State.Processes)
        {
            if (!states.TryAdd(process.Id, process.State)) throw Twice(snapshot, $"process {process.Id}");
        }

        return states;
    }

    private static Dictionary<(ChannelId Channel, long Number), ReadOnlyMemory<byte>> MessagesOf(
        RenderedSnapshot snapshot)
    {
        var messages = new Dictionary<(ChannelId, long), ReadOnlyMemory<byte>>();
        foreach (var channel in snapshot.State.Channels)
        {
            foreach (var (number, message) in channel.Messages)
            {
                if (!messages.TryAdd((channel.Channel, number.Value), message))
                    throw Twice(snapshot, $"message {number} of {channel.Channel}");
            }
        }

        return messages;
    }

    private static QueryException Twice(RenderedSnapshot snapshot, string what) =>
        new($"{snapshot.Id}: {what} is listed twice", isTooLate: false);

    private static bool IsSame(ReadOnlyMemory<byte> left, ReadOnlyMemory<byte> right)
    {
        if (left.Span.SequenceEqual(right.Span)) return true;
        using var first = JsonDocument.Parse(left);
        using var second = JsonDocument.Parse(right);
        return JsonElement.DeepEquals(first.RootElement, second.RootElement);
    }

    private static IEnumerable<FieldChange> Compare(ProcessId id, ReadOnlyMemory<byte> from, ReadOnlyMemory<byte> to)
    {
        if (IsSame(from, to)) return [];
        using var before = JsonDocument.Parse(from);
        using var after = JsonDocument.Parse(to);
        return Compare(id, before.RootElement.Clone(), after.RootElement.Clone());
    }

    private static IEnumerable<FieldChange> Compare(ProcessId id, JsonElement from, JsonElement to)
    {
        if (from.ValueKind != JsonValueKind.Object || to.ValueKind != JsonValueKind.Object)
            return [new(id, "state", from, to)];
        return from.EnumerateObject().Concat(to.EnumerateObject())
            .Select(member => member.Name)
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .Select(name => new FieldChange(id, name, Member(from, name), Member(to, name)))
            .Where(change => change.From is not { } before || change.To is not { } after
                || !JsonElement.DeepEquals(before, after));
    }

    private static JsonElement? Member(JsonElement state, string name) =>
        state.TryGetProperty(name, out var value) ? value : null;
}

/// <summary>A field of a state that differs.</summary>
/// <param name="Id">The process.</param>
/// <param name="Field">The field; <c>state</c> where a state is no object.</param>
/// <param name="From">The value in the first snapshot; null if it has no such field.</param>
/// <param name="To">The value in the second snapshot; null if it has no such field.</param>
public sealed record FieldChange(ProcessId Id, string Field, JsonElement? From, JsonElement? To);
