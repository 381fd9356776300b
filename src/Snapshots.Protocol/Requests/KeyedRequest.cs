using System.Collections.Immutable;

namespace Snapshots.Protocol;

/// <summary>A request that came with a key, and how it ended: what one step adds to the memory of keys.</summary>
/// <param name="Key">The key; <see cref="KeyStanding.New"/> at <paramref name="WallMs"/>.</param>
/// <param name="Fingerprint">64 bits that tell this request from another one under the same key.</param>
/// <param name="Outcome">
/// What the application answers: 0 … <see cref="RequestLimits.MaxOutcomeBytes"/> bytes that only it understands.
/// </param>
/// <param name="WallMs">The process's clock, in milliseconds since 1970; see <see cref="RequestMemory"/>.</param>
public readonly record struct KeyedRequest(
    RequestKey Key, ulong Fingerprint, ImmutableArray<byte> Outcome, long WallMs);
