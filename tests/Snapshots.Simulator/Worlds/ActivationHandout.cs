using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>What is handed out once a write has taken effect.</summary>
/// <param name="Effects">The effects of the steps, in order.</param>
/// <param name="Reports">The reports, new ones or all.</param>
/// <param name="Answers">Whom to answer what.</param>
internal sealed record ActivationHandout(
    List<LedgerEffects> Effects, List<Report> Reports, List<(LedgerRequest Request, bool IsAccepted)> Answers);
