namespace Snapshots.Protocol.Tests;

/// <summary>
/// Keeps every delivered message in its state. <c>x>r:y</c> also sends y to r: a message born of a delivery.
/// </summary>
internal sealed class LogApplication : IApplication<string, string>
{
    public static LogApplication Instance { get; } = new();

    public string CreateState(ProcessId self) => string.Empty;

    public Reaction<string, string> Deliver(ProcessId self, string state, ProcessId source, string message)
    {
        var after = $"{state}{source}:{message};";
        var arrow = message.IndexOf('>', StringComparison.Ordinal);
        if (arrow < 0) return new(after);
        var parts = message[(arrow + 1)..].Split(':', 2);
        return new(after, [new(new ProcessId(parts[0]), parts[1])]);
    }

    /// <summary>FNV-1a, 64 bits.</summary>
    public ulong Fingerprint(string message)
    {
        var hash = 0xCBF29CE484222325UL;
        foreach (var character in message) hash = unchecked((hash ^ character) * 0x100000001B3UL);
        return hash;
    }
}
