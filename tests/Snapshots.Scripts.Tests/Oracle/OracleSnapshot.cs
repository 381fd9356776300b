namespace Snapshots.Scripts.Tests;

/// <summary>What the oracle knows of one snapshot.</summary>
internal sealed class OracleSnapshot(string id, int number, string initiator, IEnumerable<string> members)
{
    public string Id { get; } = id;

    public int Number { get; } = number;

    public string Initiator { get; } = initiator;

    public int MembersAtStart { get; } = members.Count();

    public SortedSet<string> Members { get; } = new(members, StringComparer.Ordinal);

    public SortedDictionary<string, long> States { get; } = new(StringComparer.Ordinal);

    public Dictionary<(string Source, string Target), int> Sent { get; } = [];

    public Dictionary<(string Source, string Target), int> Delivered { get; } = [];

    /// <summary>The channels whose target has recorded and has not seen the marker.</summary>
    public HashSet<(string Source, string Target)> Recording { get; } = [];

    public Dictionary<(string Source, string Target), List<long>> Messages { get; } = [];

    public bool HasEnded { get; set; }

    public void Record((string Source, string Target) channel, int delivered)
    {
        Delivered[channel] = delivered;
        Recording.Add(channel);
        Messages[channel] = [];
    }

    public bool IsRecordedMember(string process) => Members.Contains(process) && States.ContainsKey(process);

    public int SentOn((string Source, string Target) channel) => Sent.GetValueOrDefault(channel);

    public int DeliveredOn((string Source, string Target) channel) => Delivered.GetValueOrDefault(channel);
}
