namespace Snapshots.Bank;

/// <content>From the stored and exported forms.</content>
public sealed partial class RequestMemory
{
    /// <summary>Makes a memory of its parts, as an exported document has them.</summary>
    /// <param name="horizon">See <see cref="Horizon"/>; cut to milliseconds.</param>
    /// <param name="entries">See <see cref="Entries"/>.</param>
    /// <param name="forgottenHandMadeKeys">See <see cref="ForgottenHandMadeKeys"/>.</param>
    /// <exception cref="ArgumentException">
    /// Too many of either, a key twice, an outcome that belongs to no key, or a horizon before 1970.
    /// </exception>
    public static RequestMemory Restore(
        DateTimeOffset? horizon, IEnumerable<RequestEntry> entries, IEnumerable<ulong> forgottenHandMadeKeys)
    {
        ArgumentNullException.ThrowIfNull(entries);
        ArgumentNullException.ThrowIfNull(forgottenHandMadeKeys);
        var known = entries.ToList();
        if (known.Exists(entry => !entry.IsStorable))
        {
            throw new ArgumentException("an entry is no outcome to remember", nameof(entries));
        }

        if (horizon < DateTimeOffset.UnixEpoch) throw new ArgumentException("before 1970", nameof(horizon));
        if (known.Select(entry => entry.Key).Distinct().Count() != known.Count)
        {
            throw new ArgumentException("a key stands there twice", nameof(entries));
        }

        var slots = known.Select(RequestSlot.Of).Chunk(BankLimits.RequestsPerChunk);
        return Assemble(
            [.. slots.Select(chunk => RequestChunk.Of(chunk))],
            ForgottenKeys.None.Add([.. forgottenHandMadeKeys]),
            horizon?.ToUnixTimeMilliseconds());
    }

    /// <summary>Reads the stored form, whose arrays of forgotten keys must not be changed afterwards.</summary>
    /// <exception cref="FormatException">It is not the stored form of a memory.</exception>
    /// <exception cref="ArgumentException">It holds more than a memory can.</exception>
    internal static RequestMemory Read(long? horizonMs, byte[][] chunks, byte[][] forgotten) =>
        Assemble([.. chunks.Select(chunk => RequestChunk.Read(chunk))], ForgottenKeys.Read(forgotten), horizonMs);

    /// <summary>The stored form; the arrays of forgotten keys are the memory's own and must not be changed.</summary>
    internal (long? HorizonMs, byte[][] Chunks, byte[][] Forgotten) Write() => (
        _horizonMs == NoHorizon ? null : _horizonMs,
        [.. Chunks.Select(chunk => chunk.ToStored())],
        _forgotten.Stored);

    private static RequestMemory Assemble(RequestChunk[] chunks, ForgottenKeys forgotten, long? horizonMs)
    {
        var count = chunks.Sum(chunk => chunk.Count);
        var handMade = chunks.Sum(chunk => chunk.HandMade);
        if (count > BankLimits.MaxRememberedRequests) throw new ArgumentException($"{count} entries are too many");
        if (handMade + forgotten.Count > BankLimits.MaxHandMadeKeys)
        {
            throw new ArgumentException($"{handMade + forgotten.Count} hand-made keys are too many");
        }

        if (count + forgotten.Count == 0 && horizonMs is null) return Empty;
        for (var index = 1; index < chunks.Length; index++) chunks[index] = chunks[index].After(chunks[index - 1]);
        return new([.. chunks.SkipLast(1)], chunks.LastOrDefault(), count, handMade, forgotten, horizonMs ?? NoHorizon);
    }
}
