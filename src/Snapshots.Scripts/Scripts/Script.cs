using System.Collections.Immutable;
using System.Text;

namespace Snapshots.Scripts;

/// <summary>
/// A scenario script, read and checked: a text that fixes every interleaving, so that the global states are known
/// beforehand.
/// </summary>
/// <remarks>
/// One statement a line; words are parted by blanks and tabs; <c>#</c> starts a comment; lines end in LF or CRLF.
/// Immutable.
/// </remarks>
public sealed class Script
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private Script(ImmutableArray<ScriptStep> steps) => Steps = steps;

    /// <summary>The statements, in the order of the text.</summary>
    public ImmutableArray<ScriptStep> Steps { get; }

    /// <summary>Reads a script.</summary>
    /// <exception cref="ScriptException">
    /// It breaks a rule or a bound of <see cref="ScriptLimits"/>; the first such line counts.
    /// </exception>
    public static Script Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (Encoding.UTF8.GetByteCount(text) > ScriptLimits.MaxBytes) throw TooLarge();
        var parser = new ScriptParser();
        var number = 0;
        foreach (var line in text.TrimStart('\uFEFF').Split('\n'))
        {
            if (++number > ScriptLimits.MaxLines && line.Length > 0)
            {
                throw new ScriptException(number, $"a script has at most {ScriptLimits.MaxLines} lines");
            }

            parser.Read(new ScriptLine(number, line));
        }

        return new Script(parser.ToSteps());
    }

    /// <summary>Reads a script from UTF-8 text, no more of it than <see cref="ScriptLimits.MaxBytes"/>.</summary>
    /// <exception cref="ScriptException">It is too large, not UTF-8, or as with <see cref="Parse"/>.</exception>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    public static async Task<Script> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var buffer = new byte[ScriptLimits.MaxBytes + 1];
        var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken)
            .ConfigureAwait(false);
        if (length > ScriptLimits.MaxBytes) throw TooLarge();
        try
        {
            return Parse(Utf8.GetString(buffer, 0, length));
        }
        catch (DecoderFallbackException)
        {
            throw new ScriptException(0, "the script is not UTF-8 text");
        }
    }

    private static ScriptException TooLarge() => new(0, $"the script is larger than {ScriptLimits.MaxBytes} bytes");
}
