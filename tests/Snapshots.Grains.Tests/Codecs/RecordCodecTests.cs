using Snapshots.Protocol;

namespace Snapshots.Grains.Tests;

public sealed class RecordCodecTests
{
    [Theory]
    [InlineData(0, "00")]
    [InlineData(127, "7f")]
    [InlineData(128, "8001")]
    [InlineData(16_384, "808001")]
    [InlineData(long.MaxValue, "ffffffffffffffff7f")]
    public void Numbers_come_back_and_have_their_golden_bytes(long number, string hex)
    {
        var writer = new RecordWriter();
        writer.WriteNumber(number);
        Assert.Equal(hex, Convert.ToHexStringLower(writer.Written));
        var reader = new RecordReader(writer.Written);
        Assert.Equal(number, reader.ReadNumber());
        Assert.True(reader.IsAtEnd);
    }

    [Fact]
    public void Negative_numbers_are_refused()
    {
        var writer = new RecordWriter();
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.WriteNumber(-1));
        Assert.Equal(0, writer.Written.Length);
    }

    [Fact]
    public void Everything_comes_back_in_order()
    {
        var writer = new RecordWriter();
        writer.WriteByte(7);
        writer.WriteText("grün");
        writer.WriteText(string.Empty);
        writer.WriteFixed(0x0102030405060708);
        writer.WriteBlock([1, 2, 3]);
        Assert.Equal("07056772c3bc6e00080706050403020103010203", Convert.ToHexStringLower(writer.Written));
        var reader = new RecordReader(writer.Written);
        Assert.Equal(7, reader.ReadByte());
        Assert.Equal("grün"u8, reader.ReadBlock());
        Assert.True(reader.ReadBlock().IsEmpty);
        Assert.Equal(0x0102030405060708UL, reader.ReadFixed());
        Assert.Equal([1, 2, 3], reader.ReadBlock().ToArray());
        Assert.True(reader.IsAtEnd);
    }

    /// <summary>Up to 42 chars of whatever kind are known to have a length of one byte.</summary>
    [Theory]
    [InlineData(42, '\u20ac')]
    [InlineData(43, '\u20ac')]
    [InlineData(42, 'a')]
    [InlineData(43, 'a')]
    [InlineData(127, 'a')]
    [InlineData(128, 'a')]
    public void Texts_around_the_lengths_of_another_form_come_back(int length, char letter)
    {
        var text = new string(letter, length);
        var writer = new RecordWriter();
        writer.WriteText(text);
        writer.WriteByte(1);
        var reader = new RecordReader(writer.Written);
        Assert.Equal(text, System.Text.Encoding.UTF8.GetString(reader.ReadBlock()));
        Assert.Equal(1, reader.ReadByte());
        Assert.True(reader.IsAtEnd);
    }

    [Fact]
    public void A_reset_writer_starts_anew()
    {
        var writer = new RecordWriter();
        writer.WriteText("gone");
        writer.Reset();
        writer.WriteByte(1);
        Assert.Equal([1], writer.Written.ToArray());
    }

    [Fact]
    public void Data_that_end_too_early_are_damaged()
    {
        Assert.Throws<InvalidDataException>(() => new RecordReader([]).ReadByte());
        Assert.Throws<InvalidDataException>(() => new RecordReader([0x80]).ReadNumber());
        Assert.Throws<InvalidDataException>(() => new RecordReader([1, 2, 3]).ReadFixed());
        Assert.Throws<InvalidDataException>(() => new RecordReader([3, 1, 2]).ReadBlock());
        Assert.Throws<InvalidDataException>(() => new RecordReader([0xff, 0xff, 0xff, 0xff, 0x7f, 0]).ReadBlock());
    }

    [Fact]
    public void A_number_of_more_than_63_bits_is_damaged() =>
        Assert.Throws<InvalidDataException>(() => new RecordReader([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]).ReadNumber());

    [Fact]
    public void A_count_that_cannot_fit_is_damaged_before_anything_is_allocated()
    {
        Assert.Equal(2, new RecordReader([2, 0, 0]).ReadCount());
        Assert.Throws<InvalidDataException>(() => new RecordReader([3, 0, 0]).ReadCount());
    }

    [Fact]
    public void Names_come_back_whatever_was_read_before()
    {
        for (var round = 0; round < 3; round++)
        {
            for (var index = 0; index < 40_000; index++)
            {
                var writer = new RecordWriter();
                writer.WriteText($"p{index}");
                Assert.Equal(new ProcessId($"p{index}"), new RecordReader(writer.Written).ReadProcess());
            }
        }
    }

    [Fact]
    public void A_name_that_no_process_has_is_damaged()
    {
        Assert.Throws<InvalidDataException>(() => new RecordReader([0]).ReadProcess());
        Assert.Throws<InvalidDataException>(() => new RecordReader([1, (byte)' ']).ReadProcess());
        Assert.Throws<InvalidDataException>(() => new RecordReader([2, 0xc3, 0xbc]).ReadProcess());
    }
}
