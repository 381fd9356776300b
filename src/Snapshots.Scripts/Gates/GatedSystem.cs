using Snapshots.Protocol;

namespace Snapshots.Scripts;

/// <summary>
/// Processes of the protocol core, joined by gates: each channel's frames wait, first in first out, until they are
/// delivered one by one. Everything else (acknowledgements, reports, the word that a snapshot has ended) arrives at
/// once, and nothing is lost.
/// </summary>
internal sealed class GatedSystem
{
    /// <summary>Time stands still: nothing is lost, so nothing is ever sent again.</summary>
    private static readonly Instant Now = new(0);

    private readonly SortedDictionary<ProcessId, Process<TokenState, TokenMessage>> _processes = [];
    private readonly Dictionary<ChannelId, Queue<Frame<TokenMessage>>> _gates = [];
    private readonly SortedDictionary<SnapshotNumber, SnapshotCollection> _snapshots = [];
    private readonly SortedSet<SnapshotNumber> _open = [];

    /// <summary>The state of an open process.</summary>
    public TokenState StateOf(ProcessId process) => _processes[process].State;

    public bool HasBegun(SnapshotNumber number) => _snapshots.ContainsKey(number);

    /// <summary>What has been gathered of a snapshot that has begun.</summary>
    public SnapshotCollection Snapshot(SnapshotNumber number) => _snapshots[number];

    /// <summary>Opens a process. It learns what has ended, but is not asked to record what is open.</summary>
    public void OpenProcess(ProcessId id, TokenState state)
    {
        var process = new Process<TokenState, TokenMessage>(
            id, TokenApplication.Instance, ChannelOpening.Directed, ScriptLimits.Protocol);
        _processes.Add(id, process);
        process.Join(Epoch.First, SnapshotAnnouncement.None, Now);
        process.Learn(Announcement());
        process.Apply(new(state), Now);
        Settle(process);
    }

    public void OpenChannel(ChannelId channel)
    {
        _gates.Add(channel, []);
        var source = _processes[channel.Source];
        source.OpenChannel(channel.Target, Now);
        Settle(source);
    }

    /// <summary>Sends tokens. False, and nothing has changed, if the source holds less.</summary>
    public bool Send(ChannelId channel, string colour, long amount)
    {
        if (!_gates.ContainsKey(channel)) throw new InvalidOperationException($"the channel {channel} is not open");
        var source = _processes[channel.Source];
        if (source.State.Of(colour) < amount) return false;
        source.Apply(TokenApplication.Send(source.State, channel.Target, colour, amount), Now);
        Settle(source);
        return true;
    }

    public void Initiate(SnapshotNumber number, ProcessId id)
    {
        var process = _processes[id];
        if (!_snapshots.ContainsKey(number))
        {
            _snapshots.Add(number, new(number, _processes.Keys));
            _open.Add(number);
        }

        process.Initiate(number, Now);
        Settle(process);
    }

    /// <summary>Delivers the head of a gate, and returns it; none if the gate is empty.</summary>
    public Frame<TokenMessage>? Deliver(ChannelId channel)
    {
        if (!_gates[channel].TryDequeue(out var frame)) return null;
        var target = _processes[channel.Target];
        target.Receive(frame, Now);
        Settle(target);
        return frame;
    }

    /// <summary>
    /// Performs the effects of a step. None of them makes another process send, so one pass is enough.
    /// </summary>
    private void Settle(Process<TokenState, TokenMessage> process)
    {
        var effects = process.TakeEffects();
        RequireNoFault(effects);
        foreach (var frame in effects.Frames) _gates[frame.Channel].Enqueue(frame);
        foreach (var acknowledgement in effects.Acknowledgements)
        {
            var source = _processes[acknowledgement.Channel.Source];
            source.Receive(acknowledgement, Now);
            RequireNoFault(source.TakeEffects());
        }

        foreach (var report in effects.Reports)
        {
            var snapshot = _snapshots[report.Snapshot];
            snapshot.Accept(report);
            process.Accept(report);
            if (snapshot.IsComplete && _open.Remove(report.Snapshot)) TellEveryone();
        }
    }

    private void TellEveryone()
    {
        var announcement = Announcement();
        foreach (var process in _processes.Values) process.Learn(announcement);
    }

    private SnapshotAnnouncement Announcement() => new(new(_snapshots.Count), _open);

    private static void RequireNoFault(Effects<TokenMessage> effects)
    {
        if (effects.Faults.IsEmpty) return;
        throw new InvalidOperationException($"the core reports a fault: {effects.Faults[0]}");
    }
}
