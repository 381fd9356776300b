namespace Snapshots.Protocol.Tests;

/// <summary>Keys, and short forms of what a memory is asked, with the default limits.</summary>
internal static class GivenKeys
{
    /// <summary>2026-01-31T12:00:00Z.</summary>
    public const long StartMs = 1_769_860_800_000;

    public static RequestLimits Limits { get; } = RequestLimits.Default;

    public static RequestKey Hand(string text) => new(text);

    /// <summary>A timed key so many milliseconds after the start.</summary>
    public static RequestKey Timed(long afterMs, ulong random = 0) => RequestKey.Create(StartMs + afterMs, random);

    public static KeyStanding Find(
        this RequestMemory memory, RequestKey key, long afterMs = 0, ulong fingerprint = 1) =>
        memory.Find(key, fingerprint, StartMs + afterMs, Limits, out _);

    public static RequestMemory Add(
        this RequestMemory memory, RequestKey key, long afterMs = 0, ulong fingerprint = 1) =>
        memory.Add(key, fingerprint, [7], StartMs + afterMs, Limits);

    /// <summary>Timed keys of 0, 1, 2 … milliseconds after the start, each at a clock that shows its time.</summary>
    public static RequestMemory AddTimed(this RequestMemory memory, int from, int count)
    {
        for (var index = from; index < from + count; index++) memory = memory.Add(Timed(index), index);
        return memory;
    }

    /// <summary>Hand-made keys h0, h1, h2 …, each a millisecond after the one before.</summary>
    public static RequestMemory AddHandMade(this RequestMemory memory, int from, int count)
    {
        for (var index = from; index < from + count; index++) memory = memory.Add(Hand($"h{index}"), index);
        return memory;
    }

    /// <summary>What a process reads again after its checkpoint was written.</summary>
    public static RequestMemory Stored(this RequestMemory memory) =>
        RequestMemory.Empty.Apply(memory.ChangesSince(RequestMemory.Empty));
}
