using Snapshots.Protocol;

namespace Snapshots.Scripts;

/// <summary>
/// Every bound of a scenario script, in one place; each is included. Past one, the script is refused.
/// </summary>
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
    /// One amount, and also the tokens of all processes together, 2^53 − 1: any sum over a global state can then be
    /// told exactly in JSON, and no process can overflow.
    /// </summary>
    public const long MaxAmount = (1L << 53) - 1;

    /// <summary>
    /// The protocol's limits under which a script runs, on every engine: so wide that no script within the bounds
    /// above can meet one, because then engines would differ.
    /// </summary>
    public static ProtocolLimits Protocol { get; } = ProtocolLimits.Default with
    {
        Window = int.MaxValue,
        MaxRecordedMessages = MaxLines,
        MaxOpenRecordings = MaxSnapshots,
    };
}
