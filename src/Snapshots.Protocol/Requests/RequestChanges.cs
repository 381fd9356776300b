using System.Collections.Immutable;

namespace Snapshots.Protocol;

/// <summary>
/// What turns one memory of requests into another. The changes since <see cref="RequestMemory.Empty"/> are a whole
/// memory, so a checkpoint and an entry of a journal have one form. They list what was forgotten: to apply them needs
/// no clock and no limits.
/// </summary>
/// <param name="HorizonMs">The new <see cref="RequestMemory.HorizonMs"/>.</param>
/// <param name="Timed">What changed among the timed keys.</param>
/// <param name="HandMade">What changed among the hand-made keys.</param>
public sealed record RequestChanges(long? HorizonMs, KeyChanges Timed, KeyChanges HandMade);

/// <summary>What changed in one list of remembered requests.</summary>
/// <param name="Forgotten">Places in the earlier list that are gone: ascending, apart from each other.</param>
/// <param name="Added">What came after the rest, in order of arrival.</param>
public readonly record struct KeyChanges(ImmutableArray<KeyRun> Forgotten, ImmutableArray<RememberedRequest> Added);

/// <summary>Neighbouring places in a list.</summary>
/// <param name="Start">The first place, from 0 on.</param>
/// <param name="Count">How many places, from 1 on.</param>
public readonly record struct KeyRun(int Start, int Count)
{
    /// <summary>The first place after the run.</summary>
    public int End => checked(Start + Count);
}

/// <summary>A request as a memory holds it. Equal by content.</summary>
/// <param name="Key">
/// The random bits of a timed key. For a hand-made key the first 128 bits of the SHA-256 of its text, in which no two
/// keys meet.
/// </param>
/// <param name="TimeMs">
/// Milliseconds since 1970: the time that a timed key carries; the time by the process's clock at which a hand-made key
/// came.
/// </param>
/// <param name="Fingerprint">64 bits that tell this request from another one under the same key.</param>
/// <param name="Outcome">What the application answered: bytes that only the application understands.</param>
public readonly record struct RememberedRequest(
    UInt128 Key, long TimeMs, ulong Fingerprint, ImmutableArray<byte> Outcome)
{
    /// <summary>Whether all parts are the same, the outcome by its bytes.</summary>
    public bool Equals(RememberedRequest other) =>
        (Key, TimeMs, Fingerprint) == (other.Key, other.TimeMs, other.Fingerprint)
        && Outcome.AsSpan().SequenceEqual(other.Outcome.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Key, TimeMs, Fingerprint, Outcome.Length);
}
