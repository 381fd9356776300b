namespace Snapshots.Grains;

/// <content>
/// Being found by the directory after a loss. A process is listed before the first write that leaves work for which nobody may ever
/// ask again, and struck off some time after all is done.
/// </content>
public abstract partial class ProcessGrain<TState, TMessage>
{
    /// <summary>The listing that the directory has persisted for this activation; none when it has none, or may have struck it off.</summary>
    private long? _listing;

    private bool NeedsListing => _listing is null && Core.IsUnfinished;

    private bool IsDone => !Core.IsUnfinished && Core.Revision == _persistedRevision;

    /// <inheritdoc/>
    public async Task<bool> WakeAsync(long listing)
    {
        RequireSound();
        if (!IsDone) return true;
        var revision = Core.Revision;

        // The listing is another activation's. It may have ended before this one began; or this one is a stale one, and the other is
        // alive and at work, so its listing must not end.
        var isStale = listing != _listing && await _store.HasMovedOnAsync();
        if (!IsDone || Core.Revision != revision) return true; // It has written meanwhile, which looks like moving on.
        if (isStale)
        {
            Fail(new InvalidOperationException($"stale activation: listing {listing} is not its own"));
            RequireSound();
        }

        if (listing == _listing) _listing = null;
        return false;
    }

    private async Task ListAsync()
    {
        var listing = BitConverter.ToInt64(Guid.NewGuid().ToByteArray());
        try
        {
            await _services.Unfinished.NoteAsync(_applicationName, new UnfinishedNote(Self, listing, Unfinished: true));
        }
        catch (Exception exception)
        {
            Fail(exception);
            throw new NotPersistedException(Self, exception.Message);
        }

        _listing = listing;
    }

    private void EndListing()
    {
        if (_listing is not { } listing) return;
        _listing = null;
        _ = _services.Unfinished.NoteAsync(_applicationName, new UnfinishedNote(Self, listing, Unfinished: false));
    }
}
