namespace Snapshots.Grains;

/// <content>
/// Being found by the directory after a loss. A process is listed before the first write that leaves frames under way, for which
/// nobody may ever ask again, and struck off some time after all is done. Reports alone need no listing: their collector asks for them.
/// </content>
public abstract partial class ProcessGrain<TState, TMessage>
{
    /// <summary>The listing that the directory has persisted for this activation; none when it has none, or may have struck it off.</summary>
    private long? _listing;

    /// <summary>The next commit writes also when nothing has changed.</summary>
    private bool _takesOver;

    /// <summary>
    /// What was read has frames under way, so an earlier activation has a listing, which only this one can end: by its own in its
    /// place. Also when the acknowledgement is the first that this activation hears.
    /// </summary>
    private bool _inheritsListing;

    private bool NeedsListing => _listing is null && (Core.HasUnacknowledgedFrames || _inheritsListing);

    /// <summary>Whether there is, or may be, what a listing is for.</summary>
    private bool HasWork => Core.HasUnacknowledgedFrames || Core.Revision != _persistedRevision;

    /// <inheritdoc/>
    public async Task<bool> WakeAsync(long listing)
    {
        RequireSound();
        if (HasWork) return true;
        if (listing == 0)
        {
            await RequireCurrentAsync();
            return HasWork;
        }

        if (listing != _listing) await TakeOverAsync();
        if (HasWork) return true;

        // Also one that is not in the list any more, since this one took its place there.
        _listing = null;
        return false;
    }

    /// <summary>Ends this activation if it is a stale one.</summary>
    private async Task RequireCurrentAsync()
    {
        var revision = Core.Revision;
        var hasMovedOn = await _store.HasMovedOnAsync();
        if (!hasMovedOn || HasWork || Core.Revision != revision) return; // It has written meanwhile, which looks like moving on.
        Fail(new InvalidOperationException("stale activation: somebody else has written"));
        RequireSound();
    }

    /// <summary>
    /// The listing is another activation's. If that one has written, this one is stale, and ends. If it has not, it must not any more:
    /// (1) it lists itself; (2) its silo is cut off, and this one is woken, and has nothing to do; (3) the listing ends; (4) the first
    /// one writes what it was listed for, and is gone for good. Nobody would look for that work.
    /// </summary>
    private async Task TakeOverAsync()
    {
        await JoinAsync();
        _takesOver = true;
        await _commit.RequestAsync();
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

        (_listing, _inheritsListing) = (listing, false);
    }

    private void EndListing()
    {
        if (_listing is not { } listing) return;
        _listing = null;
        _ = _services.Unfinished.NoteAsync(_applicationName, new UnfinishedNote(Self, listing, Unfinished: false));
    }
}
