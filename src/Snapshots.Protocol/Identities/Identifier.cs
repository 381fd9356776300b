namespace Snapshots.Protocol;

/// <summary>The one rule for names that people give: 1 to 64 of letters, digits, <c>. _ - :</c> (ASCII only).</summary>
/// <remarks>Identifiers compare by ordinal, so their order is the same on every machine.</remarks>
public static class Identifier
{
    /// <summary>The longest identifier, in characters, included.</summary>
    public const int MaxLength = 64;

    /// <summary>Whether <paramref name="text"/> is a valid identifier; <see langword="null"/> is not.</summary>
    public static bool IsValid(string? text)
    {
        if (text is null || text.Length is 0 or > MaxLength) return false;
        foreach (var character in text)
        {
            if (!char.IsAsciiLetterOrDigit(character) && character is not ('.' or '_' or '-' or ':')) return false;
        }

        return true;
    }

    /// <summary>Returns <paramref name="text"/> unchanged when it is valid.</summary>
    /// <exception cref="ArgumentException"><paramref name="text"/> is not a valid identifier.</exception>
    public static string Validate(string? text, string parameterName) => IsValid(text)
        ? text!
        : throw new ArgumentException($"'{text}' is not an identifier: 1 to {MaxLength} of letters, digits, . _ - :", parameterName);
}
