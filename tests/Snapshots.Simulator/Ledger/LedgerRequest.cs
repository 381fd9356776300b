using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>What a client asks of a process.</summary>
/// <param name="Key">The request's key.</param>
/// <param name="Target">Whom to pay; <c>default</c> for a deposit.</param>
/// <param name="Amount">How much, from 1 on.</param>
internal sealed record LedgerRequest(int Key, ProcessId Target, long Amount)
{
    /// <summary>The epoch that the client knows of.</summary>
    public Epoch Epoch { get; init; }

    public bool IsDeposit => Target == default;
}
