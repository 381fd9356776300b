namespace Snapshots.Scripts;

/// <summary><c>drain</c>: delivers in rounds until nothing waits.</summary>
/// <param name="Line">Its line in the script, from 1.</param>
public sealed record DrainStep(int Line) : ScriptStep(Line);
