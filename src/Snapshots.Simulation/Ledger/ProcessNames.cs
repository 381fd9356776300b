using Snapshots.Protocol;

namespace Snapshots.Simulation;

/// <summary>The names of simulated processes: one letter each, made once.</summary>
internal static class ProcessNames
{
    /// <summary>How many names there are.</summary>
    public const int Count = 26;

    private static readonly string[] Names = [.. Enumerable.Range('a', Count).Select(letter => ((char)letter).ToString())];

    /// <summary>The name with a number from 0 on.</summary>
    public static ProcessId Of(int number) => new(Names[number]);

    /// <summary>The string with these characters.</summary>
    public static string Find(ReadOnlySpan<char> characters) =>
        characters.Length == 1 && characters[0] is >= 'a' and <= 'z' ? Names[characters[0] - 'a'] : new(characters);
}
