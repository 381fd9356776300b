using Snapshots.Protocol;

namespace Snapshots.Grains.Tests;

public sealed class RequestMemoryCodecTests
{
    private const long StartMs = 1_769_860_800_000;

    [Fact]
    public void A_whole_memory_has_its_golden_bytes() =>
        AssertGolden("request-memory", Before().ChangesSince(RequestMemory.Empty));

    /// <summary>A hand-made key is replaced after it has expired; a timed one is older than the one before.</summary>
    [Fact]
    public void Changes_have_their_golden_bytes()
    {
        var lateMs = StartMs + RequestLimits.Default.KeyRetentionMs;
        var after = Add(Add(Before(), new("rent"), lateMs, 5), RequestKey.Create(StartMs - 9, 8), lateMs, 6, 1, 2, 3);
        AssertGolden("request-changes", after.ChangesSince(Before()));
        Assert.Equal(after, Before().Apply(Read(Convert.FromHexString(Golden.Bytes["request-changes"]))));
    }

    [Fact]
    public void A_memory_at_its_bounds_comes_back()
    {
        var memory = RequestMemory.Empty;
        for (var index = 0; index < 4000; index++)
        {
            var key = RequestKey.Create(StartMs + (index ^ 5), (ulong)index);
            memory = Add(memory, key, StartMs, (ulong)index, (byte)(index % 3));
            if (index % 4 == 0) memory = Add(memory, new($"hand-{index}"), StartMs, 1);
        }

        var bytes = Write(memory.ChangesSince(RequestMemory.Empty));
        Assert.NotNull(memory.HorizonMs);
        Assert.Equal(memory, RequestMemory.Empty.Apply(Read(bytes)));
        Assert.InRange(bytes.Length, 1, (22 * memory.TimedKeys) + (27 * memory.HandMadeKeys));
        Assert.Equal(bytes, WriteWhole(memory));
        Assert.Equal(memory, RequestMemoryCodec.FromPayload(RequestMemoryCodec.ToPayload(memory)));
    }

    /// <summary>However the outcomes alternate, and over the ends of chunks.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(63)]
    [InlineData(200)]
    public void Each_outcome_is_written_once(int outcomes)
    {
        const int Keys = 400;
        var memory = RequestMemory.Empty;
        for (var index = 0; index < Keys; index++)
        {
            var outcome = (byte)(index * 7 % outcomes);
            memory = Add(memory, RequestKey.Create(StartMs + index, (ulong)index), StartMs, 1, [outcome, .. new byte[99]]);
        }

        var bytes = WriteWhole(memory);
        Assert.InRange(bytes.Length, outcomes * 100, (outcomes * 101) + (20 * Keys));
        Assert.Equal(memory, RequestMemory.Empty.Apply(Read(bytes)));
        Assert.Equal(bytes, Write(memory.ChangesSince(RequestMemory.Empty)));
    }

    [Fact]
    public void Damaged_bytes_are_refused_and_make_no_memory_by_surprise()
    {
        var bytes = Write(Before().ChangesSince(RequestMemory.Empty));
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Throws<InvalidDataException>(() => Read(bytes[..length]));
        }

        Assert.Throws<InvalidDataException>(() => Read([3, .. bytes[1..]]));
        Assert.Throws<InvalidDataException>(() => Read([2, 0, 1, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F, 1, 0, 0, 0]));
    }

    /// <summary>Archives of an earlier program have it.</summary>
    [Fact]
    public void A_memory_by_rows_is_read()
    {
        var bytes = Convert.FromHexString(Golden.Bytes["request-memory-1"]);
        Assert.Equal(Before(), RequestMemory.Empty.Apply(Read(bytes)));
        for (var length = 0; length < bytes.Length; length++) Assert.Throws<InvalidDataException>(() => Read(bytes[..length]));
    }

    /// <summary>A place is one that is known, or the next one, with its bytes; 0 is that of the outcome before.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(0x7F)]
    public void An_outcome_that_is_not_there_is_refused(byte place)
    {
        byte[] one = [2, 0, 0, 1, 0, place, 0, .. new byte[16], 0, 0];
        Assert.Throws<InvalidDataException>(() => Read(one));
        one[5] = 1;
        Assert.Single(Read(one).Timed.Added);
    }

    private static RequestMemory Before()
    {
        var memory = Add(RequestMemory.Empty, RequestKey.Create(StartMs, 3), StartMs, 4, 0);
        memory = Add(memory, new("rent"), StartMs, 5, 0);
        return Add(memory, RequestKey.Create(StartMs + 300, 7), StartMs, 6, 0);
    }

    private static RequestMemory Add(
        RequestMemory memory, RequestKey key, long nowMs, ulong fingerprint, params byte[] outcome) =>
        memory.Add(key, fingerprint, [.. outcome], nowMs, RequestLimits.Default);

    private static byte[] Write(RequestChanges changes)
    {
        var writer = new RecordWriter();
        RequestMemoryCodec.Write(writer, changes);
        return writer.Written.ToArray();
    }

    private static byte[] WriteWhole(RequestMemory memory)
    {
        var writer = new RecordWriter();
        RequestMemoryCodec.WriteWhole(writer, memory);
        return writer.Written.ToArray();
    }

    private static RequestChanges Read(byte[] bytes)
    {
        var reader = new RecordReader(bytes);
        return RequestMemoryCodec.Read(ref reader);
    }

    private static void AssertGolden(string name, RequestChanges changes)
    {
        var bytes = Convert.ToHexStringLower(Write(changes));
        Assert.True(Golden.Bytes.GetValueOrDefault(name) == bytes, $"GOLDEN {name} {bytes}");
    }
}
