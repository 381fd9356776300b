using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>The names of simulated processes: one letter each, made once.</summary>
internal static class ProcessNames
{
    /// <summary>How many names there are.</summary>
    public const int Count = 26;

    private static readonly ProcessId[] Names = [.. Enumerable.Range('a', Count).Select(letter => new ProcessId(((char)letter).ToString()))];

    /// <summary>The name with a number from 0 on.</summary>
    public static ProcessId Of(int number) => Names[number];

    /// <summary>The process whose name has these characters.</summary>
    public static ProcessId Find(ReadOnlySpan<char> characters) =>
        characters.Length == 1 && characters[0] is >= 'a' and <= 'z' ? Names[characters[0] - 'a'] : new(new string(characters));
}
