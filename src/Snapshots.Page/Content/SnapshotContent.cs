using System.Collections.Immutable;
using System.Text;

namespace Snapshots.Page;

/// <summary>
/// A completed snapshot in memory, proven when it was read, in the orders in which a person looks at it. Immutable.
/// </summary>
internal sealed class SnapshotContent
{
    private readonly SnapshotSummary _summary;
    private readonly string _application;
    private readonly Lazy<ReadOnlyMemory<byte>> _json;

    public SnapshotContent(
        string application,
        SnapshotSummary summary,
        GlobalState<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> state,
        IReadOnlyDictionary<ProcessId, ImmutableArray<FlightEvent>> flights)
    {
        (_application, _summary) = (application, summary);
        Flights = flights;
        Rendered = new(summary.Id, StoredDocuments.NameOf(application), state);
        Channels =
        [
            .. state.Channels
                .OrderByDescending(channel => channel.Messages.Length)
                .ThenBy(channel => channel.Channel),
        ];
        _json = new(() => JsonAnswer.Utf8(writer =>
        {
            writer.WriteStartObject();
            StoredDocuments.WriteMembers(writer, Document(), isSummary: true);
            writer.WriteEndObject();
        }));
        Bytes = state.Processes.Sum(process => process.State.Length + 200L) + state.Channels.Sum(BytesOf)
            + flights.Values.Sum(flight => flight.Length * 40L);
    }

    /// <summary>The states and messages.</summary>
    public RenderedSnapshot Rendered { get; }

    /// <summary>The channels, those with most messages in transit first.</summary>
    public ImmutableArray<ChannelState<ReadOnlyMemory<byte>>> Channels { get; }

    /// <summary>The last events of the processes that have a flight recorder.</summary>
    public IReadOnlyDictionary<ProcessId, ImmutableArray<FlightEvent>> Flights { get; }

    /// <summary>The number by which processes know the snapshot.</summary>
    public SnapshotNumber Number => _summary.Number;

    /// <summary>About what it takes in memory.</summary>
    public long Bytes { get; }

    /// <summary>Makes the document, which is as large as all states.</summary>
    public SnapshotDocument Document() => StoredDocuments.Of(_application, _summary, Rendered.State);

    /// <summary>
    /// Writes the document without processes and channels into an open object. The first time takes as long as the
    /// whole document, since its digest covers that.
    /// </summary>
    public void WriteSummary(Utf8JsonWriter writer)
    {
        using var json = JsonDocument.Parse(_json.Value);
        foreach (var member in json.RootElement.EnumerateObject()) member.WriteTo(writer);
    }

    /// <summary>The members whose id or state contains a text; in a state upper and lower case differ.</summary>
    public IEnumerable<ProcessState<ReadOnlyMemory<byte>>> Find(string search)
    {
        if (search.Length == 0) return Rendered.State.Processes;
        var bytes = Encoding.UTF8.GetBytes(search);
        return Rendered.State.Processes.Where(process => Has(process.Id, search) || Has(process.State, bytes));
    }

    /// <summary>The channels at whose ends, or in one of whose messages, a text is found.</summary>
    public IEnumerable<ChannelState<ReadOnlyMemory<byte>>> FindChannels(string search, bool onlyInTransit)
    {
        var channels = onlyInTransit ? Channels.TakeWhile(channel => channel.Messages.Length > 0) : Channels;
        if (search.Length == 0) return channels;
        var bytes = Encoding.UTF8.GetBytes(search);
        return channels.Where(channel => Has(channel.Channel.Source, search)
            || Has(channel.Channel.Target, search)
            || channel.Messages.Any(message => Has(message.Message, bytes)));
    }

    private static bool Has(ProcessId id, string search) =>
        id.Value.Contains(search, StringComparison.OrdinalIgnoreCase);

    private static bool Has(ReadOnlyMemory<byte> json, byte[] search) => json.Span.IndexOf(search) >= 0;

    private static long BytesOf(ChannelState<ReadOnlyMemory<byte>> channel) =>
        200 + channel.Messages.Sum(message => message.Message.Length + 100L);
}
