namespace Snapshots.Simulation.Tests;

/// <summary>What the oracle knows of one snapshot; channels are named <c>P->Q</c>.</summary>
internal sealed class OracleSnapshot(string id, int number, string initiator, IEnumerable<string> members)
{
    public string Id { get; } = id;

    public int Number { get; } = number;

    public string Initiator { get; } = initiator;

    public int MembersAtStart { get; } = members.Count();

    public SortedSet<string> Members { get; } = new(members, StringComparer.Ordinal);

    public SortedDictionary<string, long> States { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, int> Sent { get; } = [];

    public Dictionary<string, int> Delivered { get; } = [];

    /// <summary>The channels whose target has recorded and has not seen the marker.</summary>
    public HashSet<string> Recording { get; } = [];

    public Dictionary<string, List<long>> Messages { get; } = [];

    public bool HasEnded { get; set; }

    public void Record(string channel, int delivered)
    {
        Delivered[channel] = delivered;
        Recording.Add(channel);
        Messages[channel] = [];
    }

    public bool IsRecordedMember(string process) => Members.Contains(process) && States.ContainsKey(process);

    public int SentOn(string channel) => Sent.GetValueOrDefault(channel);

    public int DeliveredOn(string channel) => Delivered.GetValueOrDefault(channel);
}
