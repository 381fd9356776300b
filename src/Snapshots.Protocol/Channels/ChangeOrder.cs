namespace Snapshots.Protocol;

/// <summary>
/// The parts of a process, the last changed first, so that what changed since some revision is found without a look at the others:
/// a hub with 10,000 channels persists the ten that it used.
/// </summary>
internal sealed class ChangeOrder<TPart>(RevisionCounter revision)
    where TPart : Tracked<TPart>
{
    private TPart? _newest;
    private int _lastCount;

    /// <summary>Notes that a part changes, in the step that makes the next revision or in one that follows.</summary>
    public void Touch(TPart part)
    {
        part.ChangedAt = revision.Value + 1;
        if (_newest == part) return;
        if (part.Newer is { } newer) newer.Older = part.Older;
        if (part.Older is { } older) older.Newer = part.Newer;
        part.Newer = null;
        part.Older = _newest;
        if (_newest is not null) _newest.Newer = part;
        _newest = part;
    }

    /// <summary>Takes in a part as it was persisted: it changed before any revision.</summary>
    public void Restore(TPart part)
    {
        Touch(part);
        part.ChangedAt = revision.Value;
    }

    /// <summary>The parts that have changed since that revision, the last changed first.</summary>
    public List<TPart> Since(long since)
    {
        var parts = new List<TPart>(_lastCount); // As many as last time, by and large.
        for (var part = _newest; part is not null && part.ChangedAt > since; part = part.Older) parts.Add(part);
        _lastCount = parts.Count;
        return parts;
    }
}
