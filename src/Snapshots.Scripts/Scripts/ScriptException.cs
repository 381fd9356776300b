namespace Snapshots.Scripts;

/// <summary>A script that cannot be read or cannot be run: the fault of its author. The message is one line.</summary>
public sealed class ScriptException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="line">The line, from 1; 0 when the script as a whole is meant.</param>
    /// <param name="reason">What is wrong, as one line.</param>
    public ScriptException(int line, string reason)
        : base(line == 0 ? reason : $"line {line}: {reason}")
    {
        Line = line;
        Reason = reason;
    }

    /// <summary>The line, from 1; 0 when the script as a whole is meant.</summary>
    public int Line { get; }

    /// <summary>What is wrong, without the line's number.</summary>
    public string Reason { get; }
}
