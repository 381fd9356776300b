using Snapshots.Protocol;

namespace Snapshots.Scripts;

/// <summary>What a process holds at the end of a script.</summary>
/// <param name="Id">The process.</param>
/// <param name="Tokens">Its tokens.</param>
public sealed record ReplayProcess(ProcessId Id, long Tokens);
