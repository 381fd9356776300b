using System.Collections.Immutable;

namespace Snapshots.Client;

/// <summary>What differs between two snapshots.</summary>
/// <param name="Added">Processes of the second alone, in ordinal order.</param>
/// <param name="Removed">Processes of the first alone, in ordinal order.</param>
/// <param name="Changed">Fields of states that differ, by process and field in ordinal order.</param>
/// <param name="Appeared">Messages in transit in the second alone.</param>
/// <param name="Gone">Messages in transit in the first alone.</param>
internal sealed record SnapshotDifference(
    ImmutableArray<ProcessId> Added,
    ImmutableArray<ProcessId> Removed,
    ImmutableArray<FieldChange> Changed,
    long Appeared,
    long Gone)
{
    /// <summary>Compares two snapshots.</summary>
    /// <remarks>
    /// JSON is compared by its meaning: the order of names does not matter, nor how a number is written. Messages are
    /// the same when channel, number and content are.
    /// </remarks>
    public static SnapshotDifference Of(RenderedSnapshot from, RenderedSnapshot to)
    {
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
            gone.Count - both);
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

    private static ClientException Twice(RenderedSnapshot snapshot, string what) =>
        new(ErrorCode.InvalidInput, $"{snapshot.Id}: {what} is listed twice");

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
internal sealed record FieldChange(ProcessId Id, string Field, JsonElement? From, JsonElement? To);
