namespace Snapshots.Client;

/// <summary>What came of the story of the bank.</summary>
/// <param name="Accounts">The accounts.</param>
/// <param name="Transfers">The transfers that were settled.</param>
/// <param name="Elapsed">How long they ran.</param>
/// <param name="Moments">The moments at which the bank was looked at.</param>
internal sealed record BankStoryResult(int Accounts, long Transfers, TimeSpan Elapsed, IReadOnlyList<BankMoment> Moments)
{
    /// <summary>The story claims thousands of transfers.</summary>
    public const long MinTransfers = 2_000;

    /// <summary>What the story claims and what was not so in this run; none if all was.</summary>
    public string? Complaint
    {
        get
        {
            if (Transfers < MinTransfers) return $"only {Transfers} transfers were settled";
            if (Moments.FirstOrDefault(moment => !moment.Holds) is { } broken)
            {
                return $"the snapshot {broken.Snapshot.Id} does not hold: {broken.Snapshot.Complaint}";
            }

            return Moments.Any(moment => moment.Snapshot.Figures is { InTransit: var inTransit } && inTransit > 0)
                ? null
                : "no snapshot saw money in transit";
        }
    }
}
