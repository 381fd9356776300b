namespace Snapshots.Client;

/// <summary>Finds what a user may have meant by a word that is unknown.</summary>
internal static class Suggestion
{
    private const int MaxDistance = 2;

    /// <summary>Returns a command or option that differs in at most two letters; null if there is none.</summary>
    public static string? For(string word, Command command)
    {
        var options = ClientHelp.Ancestors(command).SelectMany(each => each.Options)
            .SelectMany(option => option.Aliases.Append(option.Name));
        var known = word.StartsWith('-') ? options : command.Subcommands.Select(each => each.Name);
        return known.Select(name => (Name: name, Distance: Distance(word, name)))
            .Where(each => each.Distance <= MaxDistance && each.Distance < each.Name.Length)
            .OrderBy(each => each.Distance).ThenBy(each => each.Name, StringComparer.Ordinal)
            .Select(each => each.Name).FirstOrDefault();
    }

    /// <summary>The fewest letters to insert, to delete and to replace (Levenshtein).</summary>
    private static int Distance(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 0; i < from.Length; i++)
        {
            var (left, above) = (i + 1, row[0]);
            row[0] = left;
            for (var j = 0; j < to.Length; j++)
            {
                left = Math.Min(Math.Min(left, row[j + 1]) + 1, above + (from[i] == to[j] ? 0 : 1));
                (above, row[j + 1]) = (row[j + 1], left);
            }
        }

        return row[^1];
    }
}
