namespace Snapshots.Client;

/// <summary>What the program has around it; tests hand in their own.</summary>
/// <param name="Output">Where data goes: stdout.</param>
/// <param name="Error">Where progress, logs and messages go: stderr.</param>
/// <param name="IsOutputTerminal">Whether a person looks at the output as it comes.</param>
/// <param name="IsErrorTerminal">Whether a person looks at the messages as they come.</param>
/// <param name="Variable">Reads an environment variable; none if it is not set.</param>
/// <param name="Time">The clock.</param>
internal sealed record ClientEnvironment(
    TextWriter Output,
    TextWriter Error,
    bool IsOutputTerminal,
    bool IsErrorTerminal,
    Func<string, string?> Variable,
    TimeProvider Time);
