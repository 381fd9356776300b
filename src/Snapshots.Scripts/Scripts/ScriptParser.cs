namespace Snapshots.Scripts;

/// <summary>
/// Parses a script from top to bottom and tracks what is open at each line, so that every error that needs no run is
/// reported before the run. Here are the statements of every application.
/// </summary>
internal abstract class ScriptParser
{
    /// <summary>The word for the live state in place of a snapshot's name.</summary>
    protected const string Now = "now";

    private readonly HashSet<ProcessId> _processes = [];
    private readonly HashSet<ChannelId> _channels = [];
    private readonly HashSet<SnapshotId> _snapshots = [];
    private readonly ImmutableArray<ScriptStep>.Builder _steps = ImmutableArray.CreateBuilder<ScriptStep>();

    /// <summary>The name of the application.</summary>
    public abstract string Application { get; }

    /// <summary>The statements of the application alone, for an error.</summary>
    protected abstract string Statements { get; }

    /// <summary>What can be expected of a snapshot, for an error.</summary>
    protected abstract string Expectations { get; }

    /// <summary>Returns the parser for a script that begins with <c>application NAME</c>.</summary>
    public static ScriptParser Of(ScriptLine line)
    {
        line.RequireForm("application NAME");
        return line[1] switch
        {
            TokenScripts.ApplicationName => new TokenParser(),
            LocksApplication.Name => new LocksParser(),
            ObjectsApplication.Name => new ObjectsParser(),
            _ => throw line.Error($"unknown application {line.Quote(1)}: tokens, locks or objects"),
        };
    }

    public ImmutableArray<ScriptStep> ToSteps() => _steps.ToImmutable();

    public void Read(ScriptLine line)
    {
        switch (line[0])
        {
            case "snapshot":
                AddStep(ReadSnapshot(line));
                break;
            case "deliver":
                line.RequireForm("deliver SOURCE TARGET");
                AddStep(new DeliverStep(line.Number, ReadDeclaredChannel(line, 1)));
                break;
            case "drain":
                line.RequireForm("drain");
                AddStep(new DrainStep(line.Number));
                break;
            case "expect":
                AddStep(ReadExpect(line));
                break;
            case "application":
                throw line.Error("'application' is the first statement of a script, or not there");
            default:
                if (TryRead(line)) break;
                throw line.Error(
                    $"unknown statement {line.Quote(0)}: {Statements}, snapshot, deliver, drain or expect");
        }
    }

    /// <summary>Reads a statement of the application. Returns false if it has none of that name.</summary>
    protected abstract bool TryRead(ScriptLine line);

    /// <summary>Reads what is expected of a snapshot, or with none of the live state. Null if it is unknown.</summary>
    protected abstract ScriptStep? TryReadExpect(ScriptLine line, SnapshotId snapshot, string kind);

    protected void AddStep(ScriptStep step) => _steps.Add(step);

    protected void AddAct(ScriptLine line) => AddStep(new ActStep(line.Number, line.Process(1), line.Without(1)));

    /// <summary>Declares a process whose name is the second word.</summary>
    protected ProcessId AddProcess(ScriptLine line)
    {
        var process = line.Process(1);
        if (!_processes.Add(process)) throw line.Error($"the process {process} is declared twice");
        RequireRoom(line, _processes.Count, ScriptLimits.MaxProcesses, "processes");
        AddStep(new ProcessStep(line.Number, process, line.Without(1)));
        return process;
    }

    protected void AddChannel(ScriptLine line, ChannelId channel)
    {
        if (!_channels.Add(channel)) throw line.Error($"the channel {channel} is declared twice");
        RequireRoom(line, _channels.Count, ScriptLimits.MaxChannels, "channels");
        AddStep(new ChannelStep(line.Number, channel));
    }

    protected void AddChannels(ScriptLine line, ProcessId process, IEnumerable<ProcessId> others)
    {
        foreach (var other in others)
        {
            AddChannel(line, new(process, other));
            AddChannel(line, new(other, process));
        }
    }

    protected ProcessId ReadDeclaredProcess(ScriptLine line, int index)
    {
        var process = line.Process(index);
        return _processes.Contains(process) ? process : throw line.Error($"the process {process} is not declared here");
    }

    protected ChannelId ReadChannelId(ScriptLine line, int index) =>
        new(ReadDeclaredProcess(line, index), ReadDeclaredProcess(line, index + 1));

    protected ChannelId ReadDeclaredChannel(ScriptLine line, int index)
    {
        var channel = ReadChannelId(line, index);
        return _channels.Contains(channel) ? channel : throw line.Error($"the channel {channel} is not declared here");
    }

    /// <summary>
    /// Reads <c>expect s1 deadlock A B</c> and <c>expect s1 no deadlock</c>; null if it is none of them.
    /// </summary>
    protected static ExpectFoundStep? ReadFound(
        ScriptLine line, SnapshotId snapshot, string property, Func<int, ProcessId> read)
    {
        if (line[2] == "no" && line.Count > 3 && line[3] == property)
        {
            line.RequireForm($"expect SNAPSHOT no {property}");
            return new(line.Number, snapshot, []);
        }

        if (line[2] != property) return null;
        if (line.Count < 4) throw line.Error($"'expect {snapshot} {property}' needs names; or 'no {property}'");
        return new(line.Number, snapshot, [.. Enumerable.Range(3, line.Count - 3).Select(read)]);
    }

    private SnapshotStep ReadSnapshot(ScriptLine line)
    {
        line.RequireForm("snapshot NAME PROCESS");
        var snapshot = line.Snapshot(1);
        if (snapshot.Value == Now) throw line.Error($"no snapshot can be named '{Now}', which means the live state");
        var process = ReadDeclaredProcess(line, 2);
        _snapshots.Add(snapshot);
        RequireRoom(line, _snapshots.Count, ScriptLimits.MaxSnapshots, "snapshots");
        return new(line.Number, snapshot, process);
    }

    private ScriptStep ReadExpect(ScriptLine line)
    {
        var kind = line.Count < 3 ? string.Empty : line[2];
        var isNow = line.Count > 1 && line[1] == Now;
        if (isNow && NowToo.Length == 0) throw line.Error($"'expect {Now}' is for tokens alone");
        if (kind.Length == 0 && !isNow)
            throw line.Error($"'expect' needs a snapshot{NowToo}, and what is expected of it");
        var snapshot = isNow ? default : line.Snapshot(1);
        if (!isNow && !_snapshots.Contains(snapshot)) throw line.Error($"no snapshot {snapshot} has begun here");
        if (!isNow && kind is "complete" or "running")
        {
            line.RequireForm("expect SNAPSHOT complete");
            return new ExpectStatusStep(line.Number, snapshot, kind == "complete");
        }

        if (TryReadExpect(line, snapshot, kind) is { } expectation) return expectation;
        throw line.Error($"'expect {line[1]}' knows {Expectations}, complete, running, not {line.Quote(2)}");
    }

    /// <summary>How an error mentions the live state, where it can be expected.</summary>
    protected virtual string NowToo => string.Empty;

    private static void RequireRoom(ScriptLine line, int count, int limit, string what)
    {
        if (count > limit) throw line.Error($"a script has at most {limit} {what}");
    }
}
