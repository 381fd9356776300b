using System.Diagnostics.CodeAnalysis;

namespace Snapshots.Protocol;

/// <summary>A part of a process that <see cref="ChannelMap{TChannel}"/> lists once it has changed.</summary>
internal interface IChangingPart
{
    /// <summary>Whether it has changed since the changes were last taken.</summary>
    bool IsChanged { get; set; }
}

/// <summary>
/// The channels of one process, or of one recording, by their other end: found by hashing, walked in ordinal order
/// without a tree. Those that have changed are found without a look at the others, so a hub with 10,000 channels writes
/// the ten that it used.
/// </summary>
internal sealed class ChannelMap<TChannel>
    where TChannel : class, IChangingPart
{
    private readonly Dictionary<ProcessId, TChannel> _byPeer = [];
    private readonly List<ProcessId> _peers = [];
    private readonly List<TChannel> _channels = [];
    private readonly List<TChannel> _changed = [];

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

    /// <summary>Adds a new channel, which counts as changed.</summary>
    /// <exception cref="ArgumentException">There is a channel with that peer.</exception>
    public void Add(ProcessId peer, TChannel channel)
    {
        Restore(peer, channel);
        Touch(channel);
    }

    /// <summary>Adds a channel as it was persisted.</summary>
    /// <exception cref="ArgumentException">There is a channel with that peer.</exception>
    public void Restore(ProcessId peer, TChannel channel)
    {
        _byPeer.Add(peer, channel);
        var place = ~_peers.BinarySearch(peer);
        _peers.Insert(place, peer);
        _channels.Insert(place, channel);
    }

    /// <summary>Removes all channels, for a record that takes the place of what is stored.</summary>
    public void Clear()
    {
        _byPeer.Clear();
        _peers.Clear();
        _channels.Clear();
        _changed.Clear();
        (_found, _foundPeer) = (null, default);
    }

    /// <summary>Notes that a channel has changed.</summary>
    public void Touch(TChannel channel)
    {
        if (channel.IsChanged) return;
        channel.IsChanged = true;
        _changed.Add(channel);
    }

    /// <summary>
    /// Returns the channels that have changed since the last call, in the order of their first change; each counts as
    /// unchanged then.
    /// </summary>
    public TChannel[] TakeChanged()
    {
        TChannel[] changed = [.. _changed];
        foreach (var channel in changed) channel.IsChanged = false;
        _changed.Clear();
        return changed;
    }
}
