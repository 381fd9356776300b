using System.Globalization;

namespace Snapshots.Protocol;

/// <summary>
/// A running 64-bit digest of the messages of one channel, in order. The receiver returns it with its acknowledgement,
/// so that a sender whose storage went back behind an acknowledged write, and who then sent other messages under the
/// same numbers, is noticed. It guards against accidents, not against an attacker. <c>default</c> is the digest of no
/// messages.
/// </summary>
/// <param name="Value">The digest's 64 bits.</param>
public readonly record struct MessageDigest(ulong Value)
{
    /// <summary>
    /// The digest after one more message whose application fingerprint is <paramref name="fingerprint"/>.
    /// </summary>
    public MessageDigest Then(ulong fingerprint)
    {
        unchecked
        {
            // The finalizer of SplitMix64: every bit of both inputs reaches every bit of the result.
            var mixed = (Value * 0x9E3779B97F4A7C15UL) + fingerprint + 1;
            mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9UL;
            mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBUL;
            return new MessageDigest(mixed ^ (mixed >> 31));
        }
    }

    /// <summary>Sixteen hexadecimal digits.</summary>
    public override string ToString() => Value.ToString("x16", CultureInfo.InvariantCulture);
}
