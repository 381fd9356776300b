using Snapshots.Protocol;

namespace Snapshots.Bank;

/// <summary>What a request does to an account.</summary>
/// <param name="Outcome">The answer.</param>
/// <param name="Duplicate">Whether the answer is remembered: the same request came before under the same key.</param>
/// <param name="Reaction">
/// The step to take before the answer is given, or none if nothing changes. Also an answer without a step may be given
/// only when the state that it was read from is persisted: a duplicate may meet an outcome that is not yet written.
/// </param>
public readonly record struct Execution(Outcome Outcome, bool Duplicate, Reaction<AccountState, BankMessage>? Reaction);
