namespace Snapshots.Scripts;

/// <summary>
/// The smallest application with an invariant: processes pass tokens to each other, and no token is made or lost. It is
/// the example of Chandy and Lamport 1985, section 2.2. Only a script makes a process send.
/// </summary>
public sealed class TokenApplication : IApplication<TokenState, TokenMessage>
{
    /// <summary>The colour of all tokens of a script; scripts have no colours.</summary>
    public const string PlainColour = "plain";

    /// <summary>The application; it is stateless.</summary>
    public static TokenApplication Instance { get; } = new();

    /// <summary>A process that holds nothing.</summary>
    public TokenState CreateState(ProcessId self) => TokenState.None;

    /// <summary>The tokens are credited; nothing is sent.</summary>
    public Reaction<TokenState, TokenMessage> Deliver(
        ProcessId self, TokenState state, ProcessId source, TokenMessage message)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(message);
        return new(state.Credit(message.Colour, message.Amount));
    }

    /// <summary>Returns the step that sends tokens: they are debited and go out.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The amount is below 1 or more than is held.</exception>
    public static Reaction<TokenState, TokenMessage> Send(
        TokenState state, ProcessId target, string colour, long amount)
    {
        ArgumentNullException.ThrowIfNull(state);
        return new(state.Debit(colour, amount), [new(target, new TokenMessage(colour, amount))]);
    }

    /// <summary>FNV-1a over the colour's characters and the amount.</summary>
    public ulong Fingerprint(TokenMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        unchecked
        {
            var hash = 14695981039346656037UL;
            foreach (var character in message.Colour) hash = (hash ^ character) * 1099511628211UL;
            for (var shift = 0; shift < 64; shift += 8)
            {
                hash = (hash ^ (byte)(message.Amount >> shift)) * 1099511628211UL;
            }

            return hash;
        }
    }
}

/// <summary>Tokens of one colour on their way from one process to another.</summary>
/// <param name="Colour">The colour, an identifier.</param>
/// <param name="Amount">How many, at least 1.</param>
public sealed record TokenMessage(string Colour, long Amount);

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
    /// <exception cref="OverflowException">The sum overflows a long.</exception>
    public long Tokens => Held.Values.Sum();

    /// <summary>How many tokens of a colour are held.</summary>
    public long Of(string colour) => Held.GetValueOrDefault(colour);

    /// <summary>The state with tokens that were there from the start.</summary>
    /// <exception cref="OverflowException">The sum overflows a long.</exception>
    public TokenState Issue(string colour, long amount) => new(Add(colour, amount), Issued + amount);

    /// <summary>The state after tokens came in.</summary>
    /// <exception cref="OverflowException">The sum overflows a long.</exception>
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
