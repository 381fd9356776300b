using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>One life of a collector in memory: it follows its parts, judges them together, and tells the end.</summary>
internal sealed class CollectorLife(World world, Collector collector)
{
    private const int FirstPauseMs = 2;
    private const int MaxPauseMs = 20;

    private readonly PartAnswer?[] _answers = new PartAnswer?[collector.Parts.Count];
    private readonly long _version = collector.Row.Version;
    private string? _abortReason;
    private long _pauseMs = FirstPauseMs;
    private bool _hasAskedInitiator;
    private bool _isWriting;

    /// <summary>Whether this life knows of the end. One that an earlier life stored late is found out by a write that is refused.</summary>
    private bool _hasEnded = collector.HasEnded;

    public bool IsDead { get; private set; }

    public void Die() => IsDead = true;

    public void Run()
    {
        if (_hasEnded) Tell();
        else FollowLater();
    }

    public void Abort(string reason)
    {
        _abortReason ??= reason;
        Evaluate();
    }

    private void FollowLater()
    {
        if (IsDead || _hasEnded) return;
        if (collector.IsTimedOut) _abortReason ??= "timed out";
        if (Evaluate() is { MustExchange: true }) Exchange();
        foreach (var part in collector.Parts)
        {
            world.Network.Send(new(collector.End, part.End), () =>
            {
                if (part.Live()?.Follow() is { } answer) world.Network.Send(new(part.End, collector.End), () => Keep(part.Number, answer));
            });
        }

        world.Schedule.After(_pauseMs, FollowLater);
        _pauseMs = Math.Min(_pauseMs * 2, MaxPauseMs);
    }

    private void Keep(int part, PartAnswer answer)
    {
        // Of one life the newest is kept; of two lives both are true, and the follower soon has the present one.
        if (IsDead || (_answers[part] is { } kept && kept.Standing.Life == answer.Standing.Life && kept.Version >= answer.Version)) return;
        _answers[part] = answer;
        Evaluate();
    }

    private CollectionRuling? Evaluate()
    {
        if (IsDead || _isWriting || _hasEnded) return null;
        if (_abortReason is not null)
        {
            WriteEnd(null, _abortReason, isExpected: true);
            return null;
        }

        if (Array.Exists(_answers, answer => answer is null)) return null;
        PartStanding[] standings = [.. _answers.Select(answer => answer!.Standing)];
        var ruling = world.Variant.Judge(standings);
        if (ruling.Status == CollectionStatus.Complete) WriteEnd(collector.ToGlobalState(), string.Empty, isExpected: true);
        else if (ruling.Status == CollectionStatus.Failed) WriteEnd(null, ruling.Reason, ruling.Reason.StartsWith("the recording", StringComparison.Ordinal));
        else if (standings.Any(standing => standing.MissingProcesses > 0)) AskInitiator();
        return ruling;
    }

    private void AskInitiator()
    {
        if (_hasAskedInitiator) return;
        _hasAskedInitiator = true;
        var part = collector.PartOf(collector.Initiator);
        world.Network.Send(new(collector.End, part.End), () => part.Live()?.AskFirst(collector.Initiator));
    }

    private void Exchange()
    {
        foreach (var part in collector.Parts) world.Network.Send(new(collector.End, part.End), () => part.Live()?.Exchange());
    }

    private void WriteEnd(LedgerSnapshot? state, string reason, bool isExpected)
    {
        _isWriting = true;
        world.Storage.Write(
            collector.Row,
            _version,
            () => collector.StoreEnd(state, reason, isExpected),
            isWritten =>
            {
                _isWriting = false;
                if (IsDead) return;
                if (isWritten) Tell();
                else Die(); // The index starts the next one.
            },
            () => { });
    }

    private void Tell()
    {
        _hasEnded = true;
        world.Office.End(collector.Snapshot);
    }
}
