namespace Snapshots.Scripts;

/// <summary>The statements of scripts about objects that refer to each other.</summary>
internal sealed class ObjectsParser : ScriptParser
{
    private readonly SortedSet<ProcessId> _objects = [];
    private readonly HashSet<ProcessId> _roots = [];
    private readonly HashSet<ProcessId> _created = [];

    public override string Application => ObjectsApplication.Name;

    protected override string Statements => "object, create, send, drop, tell";

    protected override string Expectations => "garbage, no garbage";

    protected override bool TryRead(ScriptLine line)
    {
        switch (line[0])
        {
            case "object":
                ReadObject(line);
                return true;
            case "create":
                line.RequireForm("create ROOT OBJECT");
                ReadRoot(line);
                ReadCreated(line);
                break;
            case "send":
                line.RequireForm("send ROOT TARGET OBJECT");
                ReadRoot(line);
                if (ReadDeclaredProcess(line, 2) == ReadDeclaredProcess(line, 3))
                    throw line.Error($"{line.Quote(2)} cannot be sent to itself");
                break;
            case "drop":
                line.RequireForm("drop ROOT OBJECT");
                ReadRoot(line);
                ReadDeclaredProcess(line, 2);
                break;
            case "tell":
                ReadTell(line);
                break;
            default:
                return false;
        }

        AddAct(line);
        return true;
    }

    protected override ScriptStep? TryReadExpect(ScriptLine line, SnapshotId snapshot, string kind) =>
        snapshot == default ? null : ReadFound(line, snapshot, "garbage", index => ReadDeclaredProcess(line, index));

    private void ReadObject(ScriptLine line)
    {
        line.RequireForm(line.Count == 3 ? "object NAME root" : "object NAME");
        if (line.Count == 3 && line[2] != "root") throw line.Error($"an object can be a 'root', not {line.Quote(2)}");
        var process = AddProcess(line);
        if (line.Count == 3) _roots.Add(process);
        AddChannels(line, process, _objects);
        _objects.Add(process);
    }

    private void ReadRoot(ScriptLine line)
    {
        var root = ReadDeclaredProcess(line, 1);
        if (!_roots.Contains(root)) throw line.Error($"{root} is no root and does not act by itself");
    }

    private void ReadCreated(ScriptLine line)
    {
        var created = ReadDeclaredProcess(line, 2);
        if (_roots.Contains(created)) throw line.Error($"{created} is a root and cannot be created");
        if (!_created.Add(created)) throw line.Error($"{created} was created before");
    }

    private void ReadTell(ScriptLine line)
    {
        var order = line.Count < 4 ? string.Empty : line[3];
        if (order is not ("send" or "drop"))
            throw line.Error("'tell ROOT OBJECT' is followed by 'send TARGET OBJECT' or 'drop OBJECT'");
        line.RequireForm($"tell ROOT OBJECT {(order == "send" ? "send TARGET OBJECT" : "drop OBJECT")}");
        ReadRoot(line);
        ReadDeclaredProcess(line, 2);
        for (var index = 4; index < line.Count; index++) ReadDeclaredProcess(line, index);
    }
}
