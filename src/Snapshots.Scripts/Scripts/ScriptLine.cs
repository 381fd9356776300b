using System.Globalization;

namespace Snapshots.Scripts;

/// <summary>The words of one line without its comment, and the parsers of a word.</summary>
internal sealed class ScriptLine
{
    private const int MaxQuotedLength = 80;
    private readonly string[] _words;

    public ScriptLine(int number, string text)
    {
        Number = number;
        var comment = text.IndexOf('#', StringComparison.Ordinal);
        _words = (comment < 0 ? text : text[..comment]).Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
    }

    public int Number { get; }

    public int Count => _words.Length;

    public string this[int index] => _words[index];

    /// <summary>The words without the one at a place, separated by one blank.</summary>
    public string Without(int index) => string.Join(' ', _words.Where((_, each) => each != index));

    public ScriptException Error(string reason) => new(Number, reason);

    /// <summary>Requires as many words as a form such as <c>send P Q AMOUNT</c> has.</summary>
    public void RequireForm(string form)
    {
        var expected = form.Split(' ').Length;
        if (Count != expected) throw Error($"'{form}' has {expected} words, the line has {Count}");
    }

    public ProcessId Process(int index) => new(RequireIdentifier(index));

    public SnapshotId Snapshot(int index) => new(RequireIdentifier(index));

    public long Amount(int index, long minimum)
    {
        if (long.TryParse(_words[index], NumberStyles.None, CultureInfo.InvariantCulture, out var amount)
            && amount >= minimum
            && amount <= ScriptLimits.MaxAmount)
        {
            return amount;
        }

        throw Error($"{Quote(index)} is not an amount: {minimum} to {ScriptLimits.MaxAmount}");
    }

    /// <summary>Quotes a word for a message of one line, whatever it contains.</summary>
    public string Quote(int index)
    {
        var word = _words[index];
        var head = word.Length <= MaxQuotedLength ? word : word[..MaxQuotedLength];
        return $"'{string.Concat(head.Select(character => char.IsControl(character) ? '?' : character))}'";
    }

    private string RequireIdentifier(int index) => Identifier.IsValid(_words[index])
        ? _words[index]
        : throw Error($"{Quote(index)} is not a name: 1 to {Identifier.MaxLength} of letters, digits, . _ - :");
}
