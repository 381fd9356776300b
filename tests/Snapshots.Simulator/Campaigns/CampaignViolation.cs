namespace Snapshots.Simulator;

/// <summary>A seed whose run breaks an invariant.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Invariant">The invariant.</param>
/// <param name="Detail">One line with the numbers.</param>
public sealed record CampaignViolation(long Seed, string Invariant, string Detail);
