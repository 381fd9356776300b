using System.Collections.Immutable;

namespace Snapshots.Scripts;

/// <summary>The tokens that one process holds, by colour.</summary>
/// <remarks>
/// Immutable. Equality compares content: the colours in ordinal order and how many there are of each. A colour of
/// which none is held is not listed, so equal holdings are equal states.
/// </remarks>
public sealed record TokenState
{
    /// <summary>Makes the state.</summary>
    /// <param name="held">Tokens by colour, each at least 1.</param>
    /// <param name="issued">Tokens at the start, never negative.</param>
    /// <exception cref="ArgumentOutOfRangeException">An amount is below its bound.</exception>
    public TokenState(ImmutableSortedDictionary<string, long> held, long issued)
    {
        ArgumentNullException.ThrowIfNull(held);
        ArgumentOutOfRangeException.ThrowIfNegative(issued);
        foreach (var amount in held.Values) ArgumentOutOfRangeException.ThrowIfLessThan(amount, 1, nameof(held));
        Held = held.WithComparers(StringComparer.Ordinal, EqualityComparer<long>.Default);
        Issued = issued;
    }

    /// <summary>A process that holds nothing and never did.</summary>
    public static TokenState None { get; } = new(ImmutableSortedDictionary<string, long>.Empty, 0);

    /// <summary>Tokens by colour, in ordinal order of the colours, each at least 1.</summary>
    public ImmutableSortedDictionary<string, long> Held { get; }

    /// <summary>
    /// Tokens that the process had at the start, over all colours. Over a consistent cut, the tokens held and those
    /// in transit are together what was issued.
    /// </summary>
    public long Issued { get; }

    /// <summary>Tokens held, over all colours.</summary>
    /// <exception cref="OverflowException">They are more than a long can tell.</exception>
    public long Tokens => Held.Values.Sum();

    /// <summary>How many tokens of a colour are held.</summary>
    public long Of(string colour) => Held.GetValueOrDefault(colour);

    /// <summary>The state with tokens that were there from the start.</summary>
    /// <exception cref="OverflowException">They are more than a long can tell.</exception>
    public TokenState Issue(string colour, long amount) => new(Add(colour, amount), Issued + amount);

    /// <summary>The state after tokens came in.</summary>
    /// <exception cref="OverflowException">They are more than a long can tell.</exception>
    public TokenState Credit(string colour, long amount) => new(Add(colour, amount), Issued);

    /// <summary>The state after tokens went out.</summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The amount is below 1 or more than is held; see <see cref="Of"/>.
    /// </exception>
    public TokenState Debit(string colour, long amount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(amount, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(amount, Of(colour));
        var left = Of(colour) - amount;
        return new(left == 0 ? Held.Remove(colour) : Held.SetItem(colour, left), Issued);
    }

    /// <summary>Whether both hold the same tokens and were issued the same.</summary>
    public bool Equals(TokenState? other) =>
        other is not null && Issued == other.Issued && Held.SequenceEqual(other.Held);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Issued, Tokens, Held.Count);

    /// <summary><c>blue 1, red 2</c>, or <c>nothing</c>.</summary>
    public override string ToString() =>
        Held.IsEmpty ? "nothing" : string.Join(", ", Held.Select(pair => $"{pair.Key} {pair.Value}"));

    private ImmutableSortedDictionary<string, long> Add(string colour, long amount)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(amount);
        return amount == 0 ? Held : Held.SetItem(colour, Of(colour) + amount);
    }
}
