namespace Snapshots.Scripts.Tests;

/// <summary>
/// A random script that can be run, made along the oracle, which knows what can be sent and delivered.
/// </summary>
internal sealed class RandomScript
{
    private const int MaxProcesses = 10;
    private const int MaxSnapshots = 6;
    private readonly List<string> _lines = [];
    private ulong _state;

    public RandomScript(int seed)
    {
        _state = (ulong)seed;
        for (var count = 1 + Next(MaxProcesses); count > 0; count--) AddProcess();
        var density = 1 + Next(100);
        foreach (var source in Oracle.Tokens.Keys)
        {
            foreach (var target in Oracle.Tokens.Keys)
            {
                if (source != target && Next(100) < density) Add($"channel {source} {target}");
            }
        }

        var eagerness = 20 + Next(60);
        for (var count = 10 + Next(90); count > 0; count--) AddStep(eagerness);
        if (Next(4) > 0) Add("drain");
    }

    public Oracle Oracle { get; } = new();

    public int Expectations { get; private set; }

    public string Text => string.Join('\n', _lines);

    private void AddStep(int eagerness)
    {
        switch (Next(100))
        {
            case < 3 when Oracle.Tokens.Count < MaxProcesses:
                AddNewcomer();
                break;
            case < 10:
                var (source, target) = (AnyProcess(), AnyProcess());
                var isNew = source != target && !Oracle.Channels.ContainsKey((source, target));
                if (isNew) Add($"channel {source} {target}");
                break;
            case < 20:
                Add($"snapshot s{Next(Math.Min(Oracle.Snapshots.Count + 1, MaxSnapshots))} {AnyProcess()}");
                break;
            case 20:
                Add("drain");
                break;
            case < 26 when Oracle.Snapshots.Count > 0:
                AddExpectation(Oracle.Snapshots[Next(Oracle.Snapshots.Count)]);
                break;
            default:
                if (Next(100) < eagerness) AddDelivery();
                else AddSend();
                break;
        }
    }

    /// <summary>Names whose order of appearance is not their ordinal order.</summary>
    private static char ProcessName(int index) => "QpPaZbRm0x"[index];

    private void AddProcess() => Add($"process {ProcessName(Oracle.Tokens.Count)} {Next(4) * Next(10)}");

    /// <summary>A process that comes later, and soon meets another: so open snapshots draw it in.</summary>
    private void AddNewcomer()
    {
        var peer = AnyProcess();
        AddProcess();
        var newcomer = ProcessName(Oracle.Tokens.Count - 1).ToString();
        Add($"channel {newcomer} {peer}");
        if (Next(2) == 0) Add($"channel {peer} {newcomer}");
        if (Oracle.Tokens[newcomer] > 0) Add($"send {newcomer} {peer} 1");
    }

    private void AddSend()
    {
        var able = Oracle.Channels.Keys.Where(channel => Oracle.Tokens[channel.Source] > 0).ToList();
        if (able.Count == 0) return;
        var (source, target) = able[Next(able.Count)];
        Add($"send {source} {target} {1 + Next((int)Math.Min(3, Oracle.Tokens[source]))}");
    }

    private void AddDelivery()
    {
        var waiting = Oracle.Channels.Where(pair => pair.Value.Count > 0).Select(pair => pair.Key).ToList();
        if (waiting.Count == 0) return;
        var (source, target) = waiting[Next(waiting.Count)];
        Add($"deliver {source} {target}");
    }

    /// <summary>Something that the oracle knows of a snapshot at this point, whether it has ended or not.</summary>
    private void AddExpectation(OracleSnapshot snapshot)
    {
        Expectations++;
        var process = AnyProcess();
        _lines.Add($"expect now process {process} {Oracle.Tokens[process]}");
        _lines.Add($"expect {snapshot.Id} {(snapshot.HasEnded ? "complete" : "running")}");
        if (Knows(snapshot, process)) _lines.Add($"expect {snapshot.Id} process {process} {snapshot.States[process]}");
        foreach (var channel in Oracle.Channels.Keys)
        {
            var (source, target) = channel;
            if (!Knows(snapshot, source) || !Knows(snapshot, target)) continue;
            var isEmpty = snapshot.SentOn(channel) == snapshot.DeliveredOn(channel);
            if (snapshot.Recording.Contains(channel) && !isEmpty) continue;
            var messages = snapshot.Messages.GetValueOrDefault(channel, []);
            _lines.Add($"expect {snapshot.Id} channel {source} {target} {string.Join(' ', messages)}");
        }
    }

    /// <summary>The processes that have recorded; once the snapshot has ended, its members only.</summary>
    private static bool Knows(OracleSnapshot snapshot, string process) =>
        snapshot.States.ContainsKey(process) && (!snapshot.HasEnded || snapshot.Members.Contains(process));

    private void Add(string line)
    {
        Oracle.Run(line);
        _lines.Add(line);
    }

    private string AnyProcess() => Oracle.Tokens.Keys.ElementAt(Next(Oracle.Tokens.Count));

    /// <summary>SplitMix64: the same on every machine and version.</summary>
    private int Next(int bound)
    {
        unchecked
        {
            _state += 0x9E3779B97F4A7C15UL;
            var mixed = (_state ^ (_state >> 30)) * 0xBF58476D1CE4E5B9UL;
            mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBUL;
            return (int)((mixed ^ (mixed >> 31)) % (ulong)bound);
        }
    }
}
