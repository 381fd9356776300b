namespace Snapshots.Scripts.Tests;

/// <summary>
/// A second, dumb implementation: the rules of Chandy and Lamport (1985, section 3.1) read word by word, on lists and
/// strings. It shares nothing with the core. It runs one statement of a script at a time.
/// </summary>
internal sealed class Oracle
{
    private readonly Dictionary<(string Source, string Target), int> _sent = [];
    private readonly Dictionary<(string Source, string Target), int> _delivered = [];

    public SortedDictionary<string, long> Tokens { get; } = new(StringComparer.Ordinal);

    /// <summary>
    /// In the order of a drain. A message is its amount, a marker the negative number of its snapshot.
    /// </summary>
    public SortedDictionary<(string Source, string Target), List<long>> Channels { get; } = new(
        Comparer<(string Source, string Target)>.Create((left, right) => left.Source == right.Source
            ? string.CompareOrdinal(left.Target, right.Target)
            : string.CompareOrdinal(left.Source, right.Source)));

    public List<OracleSnapshot> Snapshots { get; } = [];

    public OracleSightings Seen { get; } = new();

    private IEnumerable<OracleSnapshot> Open => Snapshots.Where(snapshot => !snapshot.HasEnded);

    public void Run(string line)
    {
        var words = line.Split(' ');
        switch (words[0])
        {
            case "process": Tokens.Add(words[1], Number(words[2])); break;
            case "channel": OpenChannel((words[1], words[2])); break;
            case "send":
                Tokens[words[1]] -= Number(words[3]);
                _sent[(words[1], words[2])]++;
                Channels[(words[1], words[2])].Add(Number(words[3]));
                break;
            case "snapshot": Initiate(words[1], words[2]); break;
            case "deliver": Deliver((words[1], words[2])); break;
            case "drain":
                while (Channels.Values.Any(channel => channel.Count > 0))
                {
                    foreach (var (channel, frames) in Channels)
                    {
                        if (frames.Count > 0) Deliver(channel);
                    }
                }

                break;
            default: throw new ArgumentException(line);
        }
    }

    private void OpenChannel((string Source, string Target) channel)
    {
        Channels.Add(channel, []);
        _sent[channel] = _delivered[channel] = 0;
        foreach (var snapshot in Open)
        {
            if (snapshot.States.ContainsKey(channel.Target)) snapshot.Record(channel, 0);
            if (!snapshot.States.ContainsKey(channel.Source)) continue;
            Channels[channel].Add(-snapshot.Number);
            Seen.ChannelsOpenedInside++;
        }
    }

    private void Initiate(string id, string process)
    {
        var snapshot = Snapshots.Find(each => each.Id == id);
        if (snapshot is null)
        {
            snapshot = new(id, Snapshots.Count + 1, process, Tokens.Keys);
            Snapshots.Add(snapshot);
            if (Open.Count() > 1) Seen.OverlappingSnapshots++;
        }
        else if (!snapshot.HasEnded && !snapshot.States.ContainsKey(process))
        {
            Seen.SeveralInitiators++;
        }

        if (!snapshot.HasEnded && !snapshot.States.ContainsKey(process)) Record(snapshot, process);
    }

    private void Record(OracleSnapshot snapshot, string process)
    {
        snapshot.States.Add(process, Tokens[process]);
        foreach (var (channel, frames) in Channels)
        {
            if (channel.Target == process) snapshot.Record(channel, _delivered[channel]);
            if (channel.Source != process) continue;
            snapshot.Sent[channel] = _sent[channel];
            frames.Add(-snapshot.Number);
        }

        EndIfDone(snapshot);
    }

    private void Deliver((string Source, string Target) channel)
    {
        var frame = Channels[channel][0];
        Channels[channel].RemoveAt(0);
        if (frame > 0)
        {
            Tokens[channel.Target] += frame;
            _delivered[channel]++;
            foreach (var each in Open)
            {
                if (each.Recording.Contains(channel)) each.Messages[channel].Add(frame);
            }

            return;
        }

        var snapshot = Snapshots[checked((int)-frame) - 1];
        if (snapshot.HasEnded) Seen.LateMarkers++;
        if (snapshot.HasEnded) return;
        if (!snapshot.States.ContainsKey(channel.Target)) Record(snapshot, channel.Target);
        snapshot.Recording.Remove(channel);
        EndIfDone(snapshot);
    }

    /// <summary>
    /// The members grow by the processes that a member's cut has met. It is done when all have recorded, and each
    /// channel between them has had its marker or is known to be empty.
    /// </summary>
    private void EndIfDone(OracleSnapshot snapshot)
    {
        for (var before = 0; before != snapshot.Members.Count;)
        {
            before = snapshot.Members.Count;
            foreach (var channel in Channels.Keys)
            {
                var (source, target) = channel;
                var (sent, delivered) = (snapshot.SentOn(channel), snapshot.DeliveredOn(channel));
                if (snapshot.IsRecordedMember(source) && sent > 0) snapshot.Members.Add(target);
                if (snapshot.IsRecordedMember(target) && delivered > 0) snapshot.Members.Add(source);
            }
        }

        if (!snapshot.Members.All(snapshot.States.ContainsKey)) return;
        snapshot.HasEnded = Channels.Keys
            .Where(channel => snapshot.Members.Contains(channel.Source) && snapshot.Members.Contains(channel.Target))
            .All(channel =>
                !snapshot.Recording.Contains(channel) || snapshot.SentOn(channel) == snapshot.DeliveredOn(channel));
    }

    private static long Number(string word) => long.Parse(word, System.Globalization.CultureInfo.InvariantCulture);
}
