namespace Snapshots.Grains;

/// <summary>
/// A restore closes or applies, and the process or the index takes nothing until it has ended. Nothing was done; the
/// caller is to try again.
/// </summary>
[GenerateSerializer]
[Alias("snapshots.restoring")]
public sealed class RestoringException : Exception
{
    /// <summary>Makes the exception.</summary>
    public RestoringException()
        : base("a restore is under way: try again when it has ended")
    {
    }
}
