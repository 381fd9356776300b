using System.Globalization;

namespace Snapshots.Scripts;

/// <summary>
/// Parses a script from top to bottom and tracks what is open at each line, so that every error that needs no run is
/// reported before the run.
/// </summary>
internal sealed class ScriptParser
{
    /// <summary>The word for the live state in place of a snapshot's name.</summary>
    private const string Now = "now";

    private readonly HashSet<ProcessId> _processes = [];
    private readonly HashSet<ChannelId> _channels = [];
    private readonly HashSet<SnapshotId> _snapshots = [];
    private readonly ImmutableArray<ScriptStep>.Builder _steps = ImmutableArray.CreateBuilder<ScriptStep>();
    private long _tokens;

    public ImmutableArray<ScriptStep> ToSteps() => _steps.ToImmutable();

    public void Read(ScriptLine line)
    {
        if (line.Count == 0) return;
        _steps.Add(line[0] switch
        {
            "process" => ReadProcess(line),
            "channel" => ReadChannel(line),
            "send" => ReadSend(line),
            "snapshot" => ReadSnapshot(line),
            "deliver" => ReadDeliver(line),
            "drain" => ReadDrain(line),
            "expect" => ReadExpect(line),
            _ => throw line.Error(
                $"unknown statement {line.Quote(0)}: process, channel, send, snapshot, deliver, drain or expect"),
        });
    }

    private ProcessStep ReadProcess(ScriptLine line)
    {
        line.RequireForm("process NAME TOKENS");
        var process = line.Process(1);
        var tokens = line.Amount(2, minimum: 0);
        if (!_processes.Add(process)) throw line.Error($"the process {process} is declared twice");
        RequireRoom(line, _processes.Count, ScriptLimits.MaxProcesses, "processes");
        _tokens += tokens;
        if (_tokens > ScriptLimits.MaxAmount)
            throw line.Error($"all processes together hold more than {ScriptLimits.MaxAmount} tokens");

        return new(line.Number, process, tokens);
    }

    private ChannelStep ReadChannel(ScriptLine line)
    {
        line.RequireForm("channel SOURCE TARGET");
        var channel = ReadChannelId(line, 1);
        if (channel.Source == channel.Target)
            throw line.Error($"a channel cannot lead from {channel.Source} to itself");
        if (!_channels.Add(channel)) throw line.Error($"the channel {channel} is declared twice");
        RequireRoom(line, _channels.Count, ScriptLimits.MaxChannels, "channels");
        return new(line.Number, channel);
    }

    private SendStep ReadSend(ScriptLine line)
    {
        line.RequireForm("send SOURCE TARGET AMOUNT");
        return new(line.Number, ReadDeclaredChannel(line, 1), line.Amount(3, minimum: 1));
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

    private DeliverStep ReadDeliver(ScriptLine line)
    {
        line.RequireForm("deliver SOURCE TARGET");
        return new(line.Number, ReadDeclaredChannel(line, 1));
    }

    private static DrainStep ReadDrain(ScriptLine line)
    {
        line.RequireForm("drain");
        return new(line.Number);
    }

    private ScriptStep ReadExpect(ScriptLine line)
    {
        var kind = line.Count < 3 ? string.Empty : line[2];
        if (line.Count > 1 && line[1] == Now)
        {
            line.RequireForm("expect now process NAME TOKENS");
            if (kind != "process") throw line.Error($"'expect now' knows 'process', not {line.Quote(2)}");
            return new ExpectNowStep(line.Number, ReadDeclaredProcess(line, 3), line.Amount(4, minimum: 0));
        }

        if (kind.Length == 0) throw line.Error("'expect' needs a snapshot or 'now', and what is expected of it");
        var snapshot = line.Snapshot(1);
        if (!_snapshots.Contains(snapshot)) throw line.Error($"no snapshot {snapshot} has begun here");
        switch (kind)
        {
            case "process":
                line.RequireForm("expect SNAPSHOT process NAME TOKENS");
                var process = ReadDeclaredProcess(line, 3);
                return new ExpectProcessStep(line.Number, snapshot, process, line.Amount(4, minimum: 0));
            case "channel":
                if (line.Count < 5) line.RequireForm("expect SNAPSHOT channel SOURCE TARGET");
                var amounts = Enumerable.Range(5, line.Count - 5).Select(index => line.Amount(index, minimum: 1));
                return new ExpectChannelStep(line.Number, snapshot, ReadDeclaredChannel(line, 3), [.. amounts]);
            case "complete" or "running":
                line.RequireForm("expect SNAPSHOT complete");
                return new ExpectStatusStep(line.Number, snapshot, kind == "complete");
            default:
                throw line.Error($"'expect {snapshot}' knows process, channel, complete, running, not {line.Quote(2)}");
        }
    }

    private ProcessId ReadDeclaredProcess(ScriptLine line, int index)
    {
        var process = line.Process(index);
        return _processes.Contains(process) ? process : throw line.Error($"the process {process} is not declared here");
    }

    private ChannelId ReadChannelId(ScriptLine line, int index) =>
        new(ReadDeclaredProcess(line, index), ReadDeclaredProcess(line, index + 1));

    private ChannelId ReadDeclaredChannel(ScriptLine line, int index)
    {
        var channel = ReadChannelId(line, index);
        return _channels.Contains(channel) ? channel : throw line.Error($"the channel {channel} is not declared here");
    }

    private static void RequireRoom(ScriptLine line, int count, int limit, string what)
    {
        if (count > limit) throw line.Error($"a script has at most {limit} {what}");
    }
}

/// <summary>The words of one line without its comment, and the parsers of a word.</summary>
internal sealed class ScriptLine
{
    private const int MaxQuotedLength = 80;
    private readonly string[] _words;

    public ScriptLine(int number, string text)
    {
        Number = number;
        var comment = text.IndexOf('#', StringComparison.Ordinal);
        _words = (comment < 0 ? text : text[..comment]).Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
    }

    public int Number { get; }

    public int Count => _words.Length;

    public string this[int index] => _words[index];

    public ScriptException Error(string reason) => new(Number, reason);

    /// <summary>Requires as many words as a form such as <c>send P Q AMOUNT</c> has.</summary>
    public void RequireForm(string form)
    {
        var expected = form.Split(' ').Length;
        if (Count != expected) throw Error($"'{form}' has {expected} words, the line has {Count}");
    }

    public ProcessId Process(int index) => new(RequireIdentifier(index));

    public SnapshotId Snapshot(int index) => new(RequireIdentifier(index));

    public long Amount(int index, long minimum)
    {
        if (long.TryParse(_words[index], NumberStyles.None, CultureInfo.InvariantCulture, out var amount)
            && amount >= minimum
            && amount <= ScriptLimits.MaxAmount)
        {
            return amount;
        }

        throw Error($"{Quote(index)} is not an amount: {minimum} to {ScriptLimits.MaxAmount}");
    }

    /// <summary>Quotes a word for a message of one line, whatever it contains.</summary>
    public string Quote(int index)
    {
        var word = _words[index];
        var head = word.Length <= MaxQuotedLength ? word : word[..MaxQuotedLength];
        return $"'{string.Concat(head.Select(character => char.IsControl(character) ? '?' : character))}'";
    }

    private string RequireIdentifier(int index) => Identifier.IsValid(_words[index])
        ? _words[index]
        : throw Error($"{Quote(index)} is not a name: 1 to {Identifier.MaxLength} of letters, digits, . _ - :");
}
