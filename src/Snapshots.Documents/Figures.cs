namespace Snapshots.Documents;

/// <summary>What one local state adds to the totals of the certificate. In whole units (of money, or tokens).</summary>
/// <param name="Balance">What the process holds.</param>
/// <param name="Deposited">All that ever came in from outside the system through this process.</param>
/// <param name="Withdrawn">All that ever left the system through this process.</param>
public readonly record struct Figures(long Balance, long Deposited, long Withdrawn);
