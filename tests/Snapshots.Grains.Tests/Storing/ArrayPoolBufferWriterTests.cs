namespace Snapshots.Grains.Tests;

public sealed class ArrayPoolBufferWriterTests
{
    [Fact]
    public void It_grows_and_keeps_what_was_written()
    {
        using var writer = new ArrayPoolBufferWriter();
        var expected = new List<byte>();
        for (var step = 0; step < 300; step++)
        {
            var count = step * 13 % 701;
            var room = step % 2 == 0 ? writer.GetSpan(count) : writer.GetMemory(count).Span;
            Assert.True(room.Length >= Math.Max(count, 1));
            room[..count].Fill((byte)(step % 251));
            writer.Advance(count);
            expected.AddRange(Enumerable.Repeat((byte)(step % 251), count));
        }

        Assert.Equal(expected, writer.Written.ToArray());
    }
}
