namespace Snapshots.Simulator;

/// <summary>
/// What one run has seen. It shows that a campaign without a violation was not one in which nothing happened.
/// </summary>
internal sealed class Sightings
{
    private ulong _seen;

    public void Add(Sighting sighting) => _seen |= 1UL << (int)sighting;

    public bool Has(Sighting sighting) => (_seen & (1UL << (int)sighting)) != 0;
}
