namespace Snapshots.Protocol.Tests;

/// <summary>
/// All parts of one collection, each of which may be lost and start again from the reports that it took.
/// </summary>
internal sealed class PartsUnderTest
{
    private readonly Partition _partition;
    private readonly ProcessId[] _members;
    private readonly PartLedger<string, string>[] _parts;
    private readonly List<Report> _stored = [];
    private long _lives;

    public PartsUnderTest(int count, params ProcessId[] members)
    {
        (_partition, _members) = (new(count), members);
        _parts = [.. Enumerable.Range(0, count).Select(Start)];
    }

    public PartLedger<string, string> PartOf(ProcessId process) => _parts[_partition.PartOf(process)];

    public PartStanding[] Standings() => [.. _parts.Select(part => part.GetStanding())];

    public CollectionRuling Rule() => CollectionRuling.Of(Standings());

    public ReportVerdict Accept(params Report[] reports)
    {
        var verdict = ReportVerdict.Accepted;
        foreach (var report in reports)
        {
            verdict = PartOf(report.Process).Accept(report);
            _stored.Add(report);
        }

        return verdict;
    }

    /// <summary>Every part hears all that every other one has to tell by now.</summary>
    public void Exchange()
    {
        for (var to = 0; to < _parts.Length; to++)
        {
            for (var from = 0; from < _parts.Length; from++) Exchange(from, to, int.MaxValue);
        }
    }

    /// <summary>One part hears something of another one.</summary>
    public void ExchangeSome(Random random) => Exchange(random.Next(_parts.Length), random.Next(_parts.Length), random.Next(1, 3));

    /// <summary>The part of a process is lost, and starts again from what is stored.</summary>
    public void Lose(ProcessId process)
    {
        var part = _partition.PartOf(process);
        _parts[part] = Start(part);
        foreach (var report in _stored.Where(report => _partition.PartOf(report.Process) == part)) _parts[part].Accept(report);
    }

    private void Exchange(int from, int to, int limit)
    {
        if (from != to) _parts[to].Hear(_parts[from].Tell(to, _parts[to].HeardFrom(from), limit));
    }

    private PartLedger<string, string> Start(int part) =>
        new(new(1), Epoch.First, _partition, part, ++_lives, _members.Where(member => _partition.PartOf(member) == part));
}
