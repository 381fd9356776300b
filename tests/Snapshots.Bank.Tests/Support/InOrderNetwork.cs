using System.Buffers;
using Snapshots.Protocol;

namespace Snapshots.Bank.Tests;

/// <summary>
/// Processes of a bank and a network that loses, repeats and reorders nothing: a queue of frames and acknowledgements
/// per direction. So the money in transit is exactly what the queues hold.
/// </summary>
internal sealed class InOrderNetwork
{
    private static readonly Instant Now = new(0);
    private static readonly long WallMs = Given.Start.ToUnixTimeMilliseconds();
    private static readonly OutcomeForm Outcomes = new();
    private readonly SortedDictionary<ProcessId, Process<AccountState, BankMessage>> _processes = [];
    private readonly SortedDictionary<ChannelId, Queue<object>> _wires = [];

    public IEnumerable<Process<AccountState, BankMessage>> Processes => _processes.Values;

    public List<Report> Reports { get; } = [];

    public IEnumerable<BankMessage> InTransit => _wires.Values
        .SelectMany(wire => wire)
        .OfType<Frame<BankMessage>>()
        .Select(frame => frame.Content)
        .OfType<MessageContent<BankMessage>>()
        .Select(content => content.Message);

    public Process<AccountState, BankMessage> this[ProcessId id] => _processes[id];

    public void AddProcess(ProcessId id)
    {
        var process = new Process<AccountState, BankMessage>(
            id, BankApplication.Instance, ChannelOpening.Pair, ProtocolLimits.Default);
        process.Join(new Epoch(1), SnapshotAnnouncement.None, Now);
        _processes.Add(id, process);
    }

    /// <summary>Opens an account as the grain does.</summary>
    public Outcome Open(ProcessId id, long deposit)
    {
        var process = _processes[id];
        var execution = Account.Execute(id, process.State, new OpenRequest(deposit));
        if (execution.Reaction is { } reaction) process.Apply(reaction, Now);
        Carry(process);
        return execution.Outcome;
    }

    /// <summary>Executes a request as the grain does; none if the channel has no room.</summary>
    public AccountAnswer? Execute(ProcessId id, KeyedRequest request)
    {
        var process = _processes[id];
        var standing = process.Find(request.Key, request.Fingerprint, WallMs, out var outcome);
        if (standing == KeyStanding.Duplicate) return new(Outcomes.Read(outcome.AsSpan()), standing, request.Key);
        if (standing != KeyStanding.New) return new(outcome: null, standing, request.Key);
        if (request is TransferRequest transfer && !process.HasRoom(transfer.To)) return null;
        var execution = Account.Execute(id, process.State, request);
        var written = new ArrayBufferWriter<byte>();
        Outcomes.Write(execution.Outcome, written);
        process.Apply(
            execution.Reaction,
            new Protocol.KeyedRequest(request.Key, request.Fingerprint, [.. written.WrittenSpan], WallMs),
            Now);
        Carry(process);
        return new(execution.Outcome, standing, request.Key);
    }

    public void Initiate(ProcessId id, SnapshotNumber snapshot)
    {
        _processes[id].Initiate(snapshot, Now);
        Carry(_processes[id]);
    }

    /// <summary>Delivers the head of one queue; the message if it was one. False if all queues are empty.</summary>
    public bool Deliver(SeededRandom random, out ChannelId wire, out BankMessage? message)
    {
        (wire, message) = (default, null);
        var waiting = _wires.Where(pair => pair.Value.Count > 0).ToList();
        if (waiting.Count == 0) return false;
        var (chosen, queue) = waiting[random.Below(waiting.Count)];
        wire = chosen;
        var receiver = _processes[chosen.Target];
        switch (queue.Dequeue())
        {
            case Frame<BankMessage> frame:
                message = (frame.Content as MessageContent<BankMessage>)?.Message;
                receiver.Receive(frame, Now);
                break;
            case Acknowledgement acknowledgement:
                receiver.Receive(acknowledgement, Now);
                break;
        }

        Carry(receiver);
        return true;
    }

    private void Carry(Process<AccountState, BankMessage> process)
    {
        var effects = process.TakeEffects();
        Assert.Empty(effects.Faults);
        foreach (var frame in effects.Frames) Wire(frame.Channel).Enqueue(frame);
        foreach (var acknowledgement in effects.Acknowledgements)
        {
            Wire(acknowledgement.Channel.Reverse()).Enqueue(acknowledgement);
        }

        Reports.AddRange(effects.Reports);
    }

    private Queue<object> Wire(ChannelId wire)
    {
        if (!_wires.TryGetValue(wire, out var queue)) _wires.Add(wire, queue = new());
        return queue;
    }
}
