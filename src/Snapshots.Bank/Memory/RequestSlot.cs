using Snapshots.Protocol;

namespace Snapshots.Bank;

/// <summary>One entry of the memory in its packed form.</summary>
/// <param name="Token">
/// What a search looks for first: the hash of a hand-made key; of a timed one the random bits, mixed with the time, so
/// that a search is fast however random they are.
/// </param>
/// <param name="Fingerprint">The fingerprint of the request's parameters.</param>
/// <param name="Stamp">The time of the key in the upper 56 bits, the reason of the outcome in the lower 8.</param>
/// <param name="Text">The text of a hand-made key; none for a timed one, which its parts make up.</param>
internal readonly record struct RequestSlot(ulong Token, ulong Fingerprint, ulong Stamp, string? Text)
{
    /// <summary>
    /// The time that stands for none, in the stamp of a hand-made key; later than that of any timed key.
    /// </summary>
    private const long NoTime = (1L << 48) - 1;

    public bool IsTimed => Text is null;

    /// <summary>The time of a timed key, in milliseconds since 1970.</summary>
    public long TimeMs => TimeOf(Stamp);

    public RefusalReason Reason => (RefusalReason)(Stamp & 0xFF);

    public static long TimeOf(ulong stamp) => (long)(stamp >> 8);

    public static bool HasNoTime(ulong stamp) => TimeOf(stamp) == NoTime;

    public static RequestSlot Of(RequestKey key) => key.TryGetParts(out var timeMs, out var random)
        ? new(random ^ Mix(timeMs), 0, (ulong)timeMs << 8, Text: null)
        : new(new Fnv1a().Then(key.Value).Value, 0, (ulong)NoTime << 8, key.Value);

    public static RequestSlot Of(RequestEntry entry)
    {
        var slot = Of(entry.Key);
        return slot with { Fingerprint = entry.Fingerprint, Stamp = slot.Stamp | (byte)entry.Reason };
    }

    public RequestEntry ToEntry() => new(
        Text is null ? RequestKey.Create(TimeMs, Token ^ Mix(TimeMs)) : new RequestKey(Text),
        Fingerprint,
        Reason);

    public bool HasKeyOf(RequestSlot other) => Token == other.Token && TimeMs == other.TimeMs && Text == other.Text;

    /// <summary>
    /// Stored, so it never changes: the time multiplied by the odd number next to 2^64 over the golden ratio.
    /// </summary>
    private static ulong Mix(long timeMs) => unchecked((ulong)timeMs * 0x9E3779B97F4A7C15UL);
}
