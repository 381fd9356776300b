namespace Snapshots.Client;

/// <summary>What all commands of one program share.</summary>
/// <param name="Options">The global options.</param>
/// <param name="Environment">What the program has around it.</param>
internal sealed record CommandContext(GlobalOptions Options, ClientEnvironment Environment);
