namespace Snapshots.Protocol.Tests;

/// <summary>
/// Passes tokens on, and keeps its own log of every event, by which the checker recomputes each cut without asking the
/// core.
/// </summary>
internal sealed class TokenApplication(IReadOnlyList<ProcessId> everyone, int tokensEach) : IApplication<TokenState, Token>
{
    private readonly Dictionary<ProcessId, List<TokenEvent>> _histories = everyone.ToDictionary(process => process, _ => new List<TokenEvent>());


    public IReadOnlyList<TokenEvent> HistoryOf(ProcessId process) => _histories[process];

    public ImmutableSortedSet<int> InitialTokens(ProcessId process)
    {
        var first = everyone.ToList().IndexOf(process) * tokensEach;
        return [.. Enumerable.Range(first, tokensEach)];
    }

    public TokenState CreateState(ProcessId self) => new(InitialTokens(self), 0);

    public Reaction<TokenState, Token> Deliver(ProcessId self, TokenState state, ProcessId source, Token message)
    {
        ImmutableArray<Outgoing<Token>> sent = [];
        var held = state.Held;
        if (message.Hops == 0) held = held.Add(message.Id);
        else sent = [new(NextHop(self, message), message with { Hops = message.Hops - 1 })];
        return new(Log(self, state, held, new TokenEvent(source, message, sent)), sent);
    }

    public ulong Fingerprint(Token message) => ((ulong)(uint)message.Id << 32) | (uint)message.Hops;

    public Reaction<TokenState, Token> Send(ProcessId self, TokenState state, ProcessId target, Token token)
    {
        ImmutableArray<Outgoing<Token>> sent = [new(target, token)];
        return new(Log(self, state, state.Held.Remove(token.Id), new TokenEvent(null, default, sent)), sent);
    }

    /// <summary>A crash takes a process back to an earlier event.</summary>
    public void Forget(ProcessId process, int after) => _histories[process].RemoveRange(after, _histories[process].Count - after);

    private ProcessId NextHop(ProcessId self, Token token)
    {
        // Among the first three processes, which exist from the start: a pure function of its arguments.
        var others = everyone.Take(3).Where(process => process != self).ToList();
        return others[(token.Id + token.Hops) % others.Count];
    }

    private TokenState Log(ProcessId self, TokenState state, ImmutableSortedSet<int> held, TokenEvent happened)
    {
        Assert.Equal(_histories[self].Count, state.Events);
        _histories[self].Add(happened);
        return new TokenState(held, state.Events + 1);
    }
}
