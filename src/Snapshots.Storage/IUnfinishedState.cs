namespace Snapshots.Storage;

/// <summary>
/// A state type implements this if its grain can have work left to do that nobody may ever ask for again, such as
/// messages to send once more. The storage notes the answer with each write, for <see cref="IUnfinishedIndex"/>.
/// </summary>
public interface IUnfinishedState
{
    /// <summary>Whether work is left. Read on the caller's thread when a write starts; must not throw.</summary>
    bool IsUnfinished { get; }
}
