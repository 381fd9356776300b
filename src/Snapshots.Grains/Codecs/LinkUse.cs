namespace Snapshots.Grains;

/// <summary>Whether a process has link rows, and whether they count.</summary>
internal enum LinkUse : byte
{
    /// <summary>There has never been one.</summary>
    Never = 0,

    /// <summary>Those that there are belong to earlier chains.</summary>
    Before = 1,

    /// <summary>Links follow the record that begins the chain.</summary>
    Now = 2,
}
