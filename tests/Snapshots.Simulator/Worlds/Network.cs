namespace Snapshots.Simulator;

/// <summary>
/// Carries packets, and loses, repeats, delays and reorders them. What happens to the n-th packet of a link depends on
/// the seed, the link and n alone.
/// </summary>
internal sealed class Network(Plan plan, Schedule schedule, Sightings sightings)
{
    private const ulong Subject = 1000;
    private const int HealedTravelMs = 2;

    private readonly Profile _profile = plan.Profile;
    private readonly Dictionary<int, ulong> _packets = [];
    private readonly Dictionary<int, long> _cloggedUntil = [];
    private readonly Dictionary<int, long> _cutUntil = [];
    private readonly Dictionary<int, long> _latestFrame = [];

    /// <summary>Whether the faults are over.</summary>
    public bool IsHealed { get; private set; }

    public void Heal()
    {
        IsHealed = true;
        _cloggedUntil.Clear();
        _cutUntil.Clear();
    }

    /// <summary>What is sent there waits.</summary>
    public void Clog(Link link, long untilMs) => _cloggedUntil[link.Number] = untilMs;

    /// <summary>What is sent there is lost.</summary>
    public void Cut(Link link, long untilMs) => _cutUntil[link.Number] = untilMs;

    /// <summary>Sends a packet; <paramref name="arrive"/> happens once, twice or never.</summary>
    public void Send(Link link, Action arrive, bool isFrame = false)
    {
        var number = _packets.GetValueOrDefault(link.Number);
        _packets[link.Number] = number + 1;
        var random = SplitMix64.For(plan.Seed, Subject + (ulong)link.Number, number);
        if (IsHealed)
        {
            schedule.After(random.Between(1, HealedTravelMs), arrive);
            return;
        }

        var isLost = random.Chance(_profile.Loss) || _cutUntil.GetValueOrDefault(link.Number) > schedule.NowMs;
        if (isLost && isFrame) sightings.Add(Sighting.LostFrames);
        if (!isLost)
        {
            var arrival = ArrivalMs(ref random, link);
            if (isFrame && arrival < _latestFrame.GetValueOrDefault(link.Number)) sightings.Add(Sighting.ReorderedFrames);
            if (isFrame) _latestFrame[link.Number] = arrival;
            schedule.At(arrival, arrive);
        }

        if (!random.Chance(_profile.Repetition)) return;
        if (isFrame) sightings.Add(Sighting.DuplicatedFrames);
        schedule.At(ArrivalMs(ref random, link) + random.Below(_profile.MaxDelayMs), arrive);
    }

    private long ArrivalMs(ref SplitMix64 random, Link link)
    {
        var travel = random.Chance(_profile.Delay) ? random.Between(1, _profile.MaxDelayMs) : random.Between(1, _profile.MaxTravelMs);
        return Math.Max(schedule.NowMs, _cloggedUntil.GetValueOrDefault(link.Number)) + travel;
    }
}
