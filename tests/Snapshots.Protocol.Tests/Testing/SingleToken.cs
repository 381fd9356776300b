namespace Snapshots.Protocol.Tests;

/// <summary>The paper's single-token conservation system, under every schedule of a given length.</summary>
internal sealed class SingleToken : IApplication<string, string>
{
    private const string Token = "token";
    private readonly TestProcess[] _processes;
    private readonly Queue<Frame<string>>[] _channels = [new(), new()];
    private readonly GlobalStateBuilder<string, string> _builder = new(new(1), Epoch.First, [Given.P, Given.Q]);
    private bool? _consumedAtTheStart;

    private SingleToken()
    {
        _processes = [new(Given.P, this, ChannelOpening.Directed, ProtocolLimits.Default), new(Given.Q, this, ChannelOpening.Directed, ProtocolLimits.Default)];
        for (var i = 0; i < 2; i++)
        {
            _processes[i].Join(Epoch.First, SnapshotAnnouncement.None, Given.Start);
            _processes[i].OpenChannel(_processes[1 - i].Id, Given.Start);
        }
    }

    private bool IsConsumed => _processes.All(process => process.State.Length == 0)
        && !_channels.SelectMany(channel => channel).Any(frame => frame.Content is MessageContent<string>);

    /// <summary>
    /// Every sequence of that many steps: send, consume, initiate, or receive the next frame, each at p or at q.
    /// </summary>
    public static IEnumerable<SingleTokenRun> EverySchedule(int steps, bool mayConsume = false)
    {
        var choices = mayConsume ? 8 : 6;
        var schedules = new Stack<ImmutableArray<int>>([[]]);
        while (schedules.TryPop(out var schedule))
        {
            var system = new SingleToken();
            if (!schedule.All(system.Step)) continue; // The last step was not possible.
            if (schedule.Length == steps)
            {
                var recorded = system._builder.Status == CollectionStatus.Complete ? system._builder.ToGlobalState() : null;
                yield return new SingleTokenRun(recorded, system._consumedAtTheStart ?? false, system.IsConsumed);
                continue;
            }

            for (var choice = 0; choice < choices; choice++) schedules.Push(schedule.Add(choice));
        }
    }

    /// <summary>Where the recorded state has the token: once for each token.</summary>
    public static IReadOnlyList<string> Places(GlobalState<string, string> recorded) =>
    [
        .. recorded.Processes.Where(process => process.State == Token).Select(process => $"in {process.Id}"),
        .. recorded.Channels.SelectMany(channel => channel.Messages.Select(_ => $"in {channel.Channel}")),
    ];

    public string CreateState(ProcessId self) => self == Given.P ? Token : string.Empty;

    public Reaction<string, string> Deliver(ProcessId self, string state, ProcessId source, string message) => new(message);

    public ulong Fingerprint(string message) => 1;

    private bool Step(int choice)
    {
        var i = choice % 2;
        var process = _processes[i];
        switch (choice / 2)
        {
            case 0 when process.State == Token:
                process.Apply(new(string.Empty, [new(_processes[1 - i].Id, Token)]), Given.Start);
                break;
            case 1 when process.OpenRecordings.Count == 0:
                _consumedAtTheStart ??= IsConsumed;
                process.Initiate(new(1), Given.Start);
                break;
            case 2 when _channels[1 - i].TryDequeue(out var frame):
                process.Receive(frame, Given.Start);
                break;
            case 3 when process.State == Token:
                process.Apply(new(string.Empty), Given.Start);
                break;
            default:
                return false;
        }

        var effects = process.TakeEffects();
        foreach (var frame in effects.Frames) _channels[i].Enqueue(frame);
        foreach (var report in effects.Reports) _builder.Accept(report);
        return true;
    }
}
