using System.Text;
using System.Text.Json;

namespace Snapshots.Documents.Tests;

/// <summary>
/// Damages every byte of a file in many ways: it fails, is refused in one line, or still says the very same.
/// </summary>
public sealed class DamagedBytesTests
{
    private static readonly byte[] Whole = Encoding.UTF8.GetBytes(Examples.Contract);
    private static readonly byte[] Replacements = [.. "07a \"\\{],-e"u8, 0, 0xc3, 0xff];
    private static readonly byte[] Original = Canonical(Whole);

    [Fact]
    public void A_damaged_byte_is_noticed_unless_the_meaning_is_the_same()
    {
        var (refused, failed, same) = (0, 0, 0);
        foreach (var damaged in Damaged())
        {
            try
            {
                if (!SnapshotVerifier.Verify(damaged).Valid) failed++;
                else if (Canonical(damaged).AsSpan().SequenceEqual(Original)) same++;
                else Assert.Fail($"nothing noticed: {Encoding.UTF8.GetString(damaged)}");
            }
            catch (DocumentFormatException error)
            {
                Assert.DoesNotContain('\n', error.Message);
                refused++;
            }
        }

        var seen = $"{refused} refused, {failed} failed, {same} the same";
        Assert.True(refused > 1000 && failed > 100 && same > 100, seen);
    }

    private static IEnumerable<byte[]> Damaged()
    {
        for (var position = 0; position < Whole.Length; position++)
        {
            yield return [.. Whole[..position], .. Whole[(position + 1)..]];
            foreach (var replacement in Replacements)
            {
                yield return [.. Whole[..position], replacement, .. Whole[(position + 1)..]];
            }
        }
    }

    private static byte[] Canonical(byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        return CanonicalJson.Serialize(document.RootElement).ToArray();
    }
}
