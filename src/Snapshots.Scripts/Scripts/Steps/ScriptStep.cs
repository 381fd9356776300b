namespace Snapshots.Scripts;

/// <summary>
/// One statement of a script. It is valid where it stands: whatever can be told without running was checked.
/// </summary>
/// <param name="Line">Its line in the script, from 1.</param>
public abstract record ScriptStep(int Line);
