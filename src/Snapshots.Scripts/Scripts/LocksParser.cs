namespace Snapshots.Scripts;

/// <summary>The statements of scripts about workers and locks.</summary>
internal sealed class LocksParser : ScriptParser
{
    private readonly SortedSet<ProcessId> _workers = [];
    private readonly SortedSet<ProcessId> _locks = [];

    public override string Application => LocksApplication.Name;

    protected override string Statements => "worker, lock, acquire, acquire-any, release";

    protected override string Expectations => "deadlock, no deadlock";

    protected override bool TryRead(ScriptLine line)
    {
        switch (line[0])
        {
            case "worker":
                line.RequireForm("worker NAME");
                Declare(line, _workers, _locks);
                return true;
            case "lock":
                line.RequireForm("lock NAME");
                Declare(line, _locks, _workers);
                return true;
            case "acquire" or "release":
                line.RequireForm($"{line[0]} WORKER LOCK");
                ReadOrder(line);
                return true;
            case "acquire-any":
                if (line.Count < 3) line.RequireForm("acquire-any WORKER LOCK");
                ReadOrder(line);
                return true;
            default:
                return false;
        }
    }

    protected override ScriptStep? TryReadExpect(ScriptLine line, SnapshotId snapshot, string kind) =>
        snapshot == default ? null : ReadFound(line, snapshot, "deadlock", index => ReadWorker(line, index));

    private void Declare(ScriptLine line, SortedSet<ProcessId> own, SortedSet<ProcessId> others)
    {
        var process = AddProcess(line);
        own.Add(process);
        AddChannels(line, process, others);
    }

    private void ReadOrder(ScriptLine line)
    {
        ReadWorker(line, 1);
        var named = new HashSet<ProcessId>();
        for (var index = 2; index < line.Count; index++)
        {
            var wanted = line.Process(index);
            if (!_locks.Contains(wanted)) throw line.Error($"the lock {wanted} is not declared here");
            if (!named.Add(wanted)) throw line.Error($"the lock {wanted} is named twice");
        }

        AddAct(line);
    }

    private ProcessId ReadWorker(ScriptLine line, int index)
    {
        var worker = line.Process(index);
        return _workers.Contains(worker) ? worker : throw line.Error($"the worker {worker} is not declared here");
    }
}
