using Snapshots.Protocol;

namespace Snapshots.Documents;

/// <summary>What verification needs of a document. A message is reduced to its amount.</summary>
/// <param name="Id">The snapshot.</param>
/// <param name="Initiator">Who is said to have recorded first.</param>
/// <param name="State">The global state.</param>
/// <param name="HoldsTokens">
/// Whether the states are <c>{"tokens"}</c>: what was there at the start stands in the certificate alone.
/// </param>
/// <param name="Stated">The certificate as it stands there.</param>
internal sealed record ParsedDocument(
    SnapshotId Id, ProcessId Initiator, GlobalState<Figures, long> State, bool HoldsTokens, StatedCertificate Stated);
