namespace Snapshots.Protocol;

/// <summary>
/// A 128-bit digest of one count of one channel. Digests are added: if the sum over what the senders count equals the sum
/// over what the receivers count, the counts are the same, channel by channel, but for an accident of 2^-128. It guards
/// against accidents, not against an attacker: who reads a snapshot compares the counts themselves.
/// </summary>
/// <remarks>A multiset hash of the kind of AdHash (Bellare and Micciancio 1997).</remarks>
internal static class CountDigest
{
    private const ulong HighSeed = 0x243F6A8885A308D3UL;
    private const ulong LowSeed = 0x13198A2E03707344UL;

    /// <summary>Comes after each name: no character is as large.</summary>
    private const ulong EndOfName = 1UL << 32;

    /// <summary>The digest; 0 of a channel that nothing was counted on.</summary>
    public static UInt128 Of(ChannelId channel, MessageCount count) =>
        count == default ? UInt128.Zero : new(Half(HighSeed, channel, count), Half(LowSeed, channel, count));

    private static ulong Half(ulong seed, ChannelId channel, MessageCount count)
    {
        var names = Then(Then(new(seed), channel.Source), channel.Target);
        return names.Then((ulong)count.Value).Value;
    }

    private static MessageDigest Then(MessageDigest digest, ProcessId process)
    {
        foreach (var character in process.Value) digest = digest.Then(character);
        return digest.Then(EndOfName);
    }
}
