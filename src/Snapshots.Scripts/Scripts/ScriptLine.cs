using System.Globalization;
using Snapshots.Protocol;

namespace Snapshots.Scripts;

/// <summary>The words of one line, comment cut off, and what one word must be.</summary>
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

    public ScriptException Error(string reason) => new(Number, reason);

    /// <summary>Asks for the words of a form such as <c>send P Q AMOUNT</c>, no more and no fewer.</summary>
    public void RequireForm(string form)
    {
        var expected = form.Split(' ').Length;
        if (Count != expected) throw Error($"'{form}' has {expected} words, here are {Count}");
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

        throw Error($"{Quote(index)} is no amount: {minimum} to {ScriptLimits.MaxAmount}");
    }

    /// <summary>A word as it may stand in a message of one line, whatever it holds.</summary>
    public string Quote(int index)
    {
        var word = _words[index];
        var head = word.Length <= MaxQuotedLength ? word : word[..MaxQuotedLength];
        return $"'{string.Concat(head.Select(character => char.IsControl(character) ? '?' : character))}'";
    }

    private string RequireIdentifier(int index) => Identifier.IsValid(_words[index])
        ? _words[index]
        : throw Error($"{Quote(index)} is no name: 1 to {Identifier.MaxLength} of letters, digits, . _ - :");
}
