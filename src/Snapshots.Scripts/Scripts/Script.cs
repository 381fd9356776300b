using System.Text;

namespace Snapshots.Scripts;

/// <summary>
/// A scenario script, parsed and checked: a text that fixes every interleaving, so that the global states are known in
/// advance.
/// </summary>
/// <remarks>
/// One statement a line; blanks and tabs separate words; <c>#</c> starts a comment; lines end in LF or CRLF. Immutable.
/// </remarks>
public sealed class Script
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private Script(string application, ImmutableArray<ScriptStep> steps)
    {
        Application = application;
        Steps = steps;
    }

    /// <summary>The name of the application whose processes the script moves.</summary>
    public string Application { get; }

    /// <summary>The statements, in the order of the text.</summary>
    public ImmutableArray<ScriptStep> Steps { get; }

    /// <summary>Parses a script.</summary>
    /// <exception cref="ScriptException">
    /// It breaks a rule or a bound of <see cref="ScriptLimits"/>; the first such line is reported.
    /// </exception>
    public static Script Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (Encoding.UTF8.GetByteCount(text) > ScriptLimits.MaxBytes) throw TooLarge();
        ScriptParser? parser = null;
        var number = 0;
        foreach (var each in text.TrimStart('\uFEFF').Split('\n'))
        {
            if (++number > ScriptLimits.MaxLines && each.Length > 0)
                throw new ScriptException(number, $"a script has at most {ScriptLimits.MaxLines} lines");

            var line = new ScriptLine(number, each);
            if (line.Count == 0) continue;
            var isNamed = parser is null && line[0] == "application";
            parser ??= isNamed ? ScriptParser.Of(line) : new TokenParser();
            if (!isNamed) parser.Read(line);
        }

        parser ??= new TokenParser();
        return new Script(parser.Application, parser.ToSteps());
    }

    /// <summary>Reads a script from UTF-8 text of at most <see cref="ScriptLimits.MaxBytes"/>.</summary>
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

/// <summary>A script is invalid or cannot be run. The message is one line.</summary>
public sealed class ScriptException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="line">The line, from 1; 0 for the whole script.</param>
    /// <param name="reason">What is wrong, as one line.</param>
    public ScriptException(int line, string reason)
        : base(line == 0 ? reason : $"line {line}: {reason}")
    {
        Line = line;
        Reason = reason;
    }

    /// <summary>The line, from 1; 0 for the whole script.</summary>
    public int Line { get; }

    /// <summary>What is wrong, without the line's number.</summary>
    public string Reason { get; }
}

/// <summary>All bounds of a scenario script, each included. A script past one of them is refused.</summary>
public static class ScriptLimits
{
    /// <summary>The size of a script, in bytes of UTF-8.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    /// <summary>Lines, empty ones and comments too.</summary>
    public const int MaxLines = 100_000;

    /// <summary>Processes.</summary>
    public const int MaxProcesses = 1_000;

    /// <summary>Channels.</summary>
    public const int MaxChannels = 10_000;

    /// <summary>Snapshots, ended or not.</summary>
    public const int MaxSnapshots = 256;

    /// <summary>Frames that one script delivers, by <c>deliver</c> and <c>drain</c> together.</summary>
    public const int MaxDeliveries = 1_000_000;

    /// <summary>
    /// The largest amount, and the most tokens of all processes together, 2^53 − 1: any sum over a global state is then
    /// exact in JSON, and no process can overflow.
    /// </summary>
    public const long MaxAmount = (1L << 53) - 1;

    /// <summary>
    /// The protocol's limits for scripts, on every engine. They are so wide that no valid script reaches one: engines
    /// could differ there.
    /// </summary>
    public static ProtocolLimits Protocol { get; } = ProtocolLimits.Default with
    {
        Window = int.MaxValue,
        MaxRecordedMessages = MaxLines,
        MaxOpenRecordings = MaxSnapshots,
    };
}
