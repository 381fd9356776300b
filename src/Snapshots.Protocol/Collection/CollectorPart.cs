using System.Collections.Immutable;

namespace Snapshots.Protocol;

/// <summary>One part, as its collector follows it.</summary>
internal sealed class CollectorPart(int number, CollectionPace pace)
{
    private int _failures;
    private Instant _followAt;
    private Instant _exchangeAt;

    /// <summary>The newest that is known of it; none yet.</summary>
    public PartView? View { get; private set; }

    public bool IsFollowed { get; set; }

    public bool IsExchanging { get; set; }

    /// <summary>When it is next followed; none while it is.</summary>
    public Instant? FollowAt => IsFollowed ? null : _followAt;

    public bool MayFollow(Instant now) => !IsFollowed && now >= _followAt;

    public bool MayExchange(Instant now) => !IsExchanging && now >= _exchangeAt;

    public void Keep(PartView view)
    {
        _failures = 0;

        // Of one life the newest is kept; of two lives both are true, and the follower soon has the present one.
        if (View is { } kept && kept.Standing.Life == view.Standing.Life && kept.Version >= view.Version) return;
        View = view;
    }

    public void NotReached(Instant now) => _followAt = _exchangeAt = now.After(pace.Retries.PauseMs(_failures++));

    /// <summary>From when on it may be told to exchange; none while it does, and when it has heard all.</summary>
    public Instant? ExchangeAt(IReadOnlyList<PartStanding> standings) => IsExchanging || Unheard(standings).IsEmpty ? null : _exchangeAt;

    /// <summary>The parts that have told it more than it has heard.</summary>
    public ImmutableArray<int> Unheard(IReadOnlyList<PartStanding> standings) =>
        [.. standings.Where(teller => teller.Part != number && !CollectionRuling.HasHeardAll(teller, standings[number])).Select(teller => teller.Part)];
}
