using System.Diagnostics.CodeAnalysis;

namespace Snapshots.Protocol;

/// <summary>
/// The channels of one process, or of one recording, by their other end: found by hashing, walked in ordinal order without a tree, and those that changed
/// without a look at the others.
/// </summary>
internal sealed class ChannelMap<TChannel>(RevisionCounter revision)
    where TChannel : Tracked<TChannel>
{
    private readonly Dictionary<ProcessId, TChannel> _byPeer = [];
    private readonly List<ProcessId> _peers = [];
    private readonly List<TChannel> _channels = [];
    private readonly ChangeOrder<TChannel> _changes = new(revision);

    /// <summary>The channel that was found last: one step asks for the same one several times.</summary>
    private TChannel? _found;
    private ProcessId _foundPeer;

    /// <summary>All channels, in the order of their peers.</summary>
    public List<TChannel> Values => _channels;

    public TChannel this[ProcessId peer] => TryGetValue(peer, out var channel) ? channel : throw new KeyNotFoundException($"no channel with {peer}");

    public bool TryGetValue(ProcessId peer, [MaybeNullWhen(false)] out TChannel channel)
    {
        if (_found is not null && peer == _foundPeer)
        {
            channel = _found;
            return true;
        }

        if (!_byPeer.TryGetValue(peer, out channel)) return false;
        (_found, _foundPeer) = (channel, peer);
        return true;
    }

    /// <exception cref="ArgumentException">There is a channel with that peer.</exception>
    public void Add(ProcessId peer, TChannel channel)
    {
        Insert(peer, channel);
        _changes.Touch(channel);
    }

    /// <summary>As <see cref="Add"/>, of a channel as it was persisted.</summary>
    /// <exception cref="ArgumentException">There is a channel with that peer.</exception>
    public void Restore(ProcessId peer, TChannel channel)
    {
        Insert(peer, channel);
        _changes.Restore(channel);
    }

    /// <inheritdoc cref="ChangeOrder{TPart}.Touch"/>
    public void Touch(TChannel channel) => _changes.Touch(channel);

    /// <inheritdoc cref="ChangeOrder{TPart}.Since"/>
    public List<TChannel> ChangedSince(long since) => _changes.Since(since);

    private void Insert(ProcessId peer, TChannel channel)
    {
        _byPeer.Add(peer, channel);
        var place = ~_peers.BinarySearch(peer);
        _peers.Insert(place, peer);
        _channels.Insert(place, channel);
    }
}
