using Snapshots.Protocol;

namespace Snapshots.Scripts;

/// <summary>
/// The smallest application that has something to lose: processes pass tokens to each other, and none may ever be
/// made or lost. It is the example of Chandy and Lamport 1985, section 2.2. A process sends nothing by itself: a
/// script does.
/// </summary>
public sealed class TokenApplication : IApplication<TokenState, TokenMessage>
{
    /// <summary>The colour of the tokens of a script, which knows no colours.</summary>
    public const string PlainColour = "plain";

    /// <summary>The application; it has no state of its own.</summary>
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

    /// <summary>What sending tokens does: they are debited and go out, in one step.</summary>
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
