namespace Snapshots.Bank;

/// <summary>
/// The entries of a chunk, side by side, with room for more. Chunks that grew one from the other share it: each sees only as many
/// entries as it had, so an entry is added in place, and no chunk ever changes.
/// </summary>
/// <remarks>A place is written once, by the one who took it, and before anybody has a chunk that sees it.</remarks>
internal sealed class RequestColumns(int capacity)
{
    private readonly ulong[] _tokens = new ulong[capacity];
    private readonly ulong[] _fingerprints = new ulong[capacity];
    private readonly ulong[] _stamps = new ulong[capacity];

    /// <summary>The texts of hand-made keys; none while there is no such key.</summary>
    private string?[]? _texts;
    private int _taken;

    public int Capacity => _tokens.Length;

    public ReadOnlySpan<ulong> Tokens => _tokens;

    public ulong Stamp(int place) => _stamps[place];

    public RequestSlot this[int place] => new(
        _tokens[place], _fingerprints[place], _stamps[place], RequestSlot.HasNoTime(_stamps[place]) ? _texts![place] : null);

    /// <summary>Writes the entry there. False when another chunk took the place first, or there is none.</summary>
    public bool TryPut(int place, in RequestSlot slot)
    {
        if (place >= Capacity || Interlocked.CompareExchange(ref _taken, place + 1, place) != place) return false;
        _tokens[place] = slot.Token;
        _fingerprints[place] = slot.Fingerprint;
        _stamps[place] = slot.Stamp;
        if (slot.Text is null) return true;
        if (_texts is null) Interlocked.CompareExchange(ref _texts, new string?[Capacity], null);
        _texts[place] = slot.Text;
        return true;
    }
}
