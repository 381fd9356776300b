using System.Text;
using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>
/// The names of processes that were read last, each once: frames name the same few processes over and over, and without
/// this each would bring a string of its own. Safe for concurrent use: a place holds one name or another, and any will
/// do.
/// </summary>
internal static class ProcessNames
{
    private const int Places = 16_384;
    private static readonly ProcessId[] Names = new ProcessId[Places];

    /// <exception cref="InvalidDataException">It is no name of a process.</exception>
    public static ProcessId Read(ReadOnlySpan<byte> name)
    {
        var hash = new HashCode();
        hash.AddBytes(name);
        ref var place = ref Names[unchecked((uint)hash.ToHashCode()) % Places];
        var known = place;
        if (known != default && Ascii.Equals(name, known.Value)) return known;
        try
        {
            return place = new ProcessId(Encoding.UTF8.GetString(name));
        }
        catch (ArgumentException exception)
        {
            throw new InvalidDataException(exception.Message, exception);
        }
    }
}
