using System.CommandLine.Invocation;

namespace Snapshots.Client;

/// <summary>
/// The help of every command: usage, arguments, options, two examples, and under a heading of their own the options
/// that every command has. Words are not broken at any width.
/// </summary>
/// <param name="width">The width of the terminal, in characters.</param>
internal sealed class ClientHelp(int width) : SynchronousCommandLineAction
{
    private const int Gap = 2;
    private const int MaxLeft = 36;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        Write(parseResult.CommandResult.Command, parseResult.InvocationConfiguration.Output);
        return 0;
    }

    /// <summary>Writes the help of a command.</summary>
    public void Write(Command command, TextWriter output)
    {
        foreach (var line in Wrap(command.Description ?? string.Empty, width)) output.WriteLine(line);
        output.WriteLine();
        output.WriteLine("Usage:");
        output.WriteLine($"  {Usage(command)}");
        Section(output, "Arguments:", Shown(command.Arguments).Select(each => ($"<{each.Name}>", each.Description)));
        Section(output, "Commands:", Shown(command.Subcommands).Select(each => (each.Name, each.Description)));
        Section(output, "Options:", Shown(command.Options).Where(each => !each.Recursive).Select(Row));
        if (Examples.Of(Path(command)) is { Count: > 0 } examples)
        {
            output.WriteLine();
            output.WriteLine("Examples:");
            foreach (var example in examples) output.WriteLine($"  {example}");
        }

        var root = Ancestors(command).Last();
        var everywhere = Shown(root.Options).Where(each => each.Recursive).Select(Row);
        Section(output, "Global options, anywhere in the line:", everywhere);
    }

    /// <summary>The words by which a command is called, after the program's name.</summary>
    public static string Path(Command command) =>
        string.Join(' ', Ancestors(command).SkipLast(1).Reverse().Select(each => each.Name));

    /// <summary>A command, the one above it, and so on up to the root.</summary>
    public static IEnumerable<Command> Ancestors(Command command)
    {
        for (var each = command; each is not null; each = each.Parents.OfType<Command>().FirstOrDefault())
            yield return each;
    }

    private static IEnumerable<T> Shown<T>(IEnumerable<T> symbols)
        where T : Symbol => symbols.Where(symbol => !symbol.Hidden);

    private static string Usage(Command command)
    {
        var below = command.Arguments.Count > 0 ? "[command]" : "<command>";
        var arguments = command.Arguments
            .Select(each => each.Arity.MinimumNumberOfValues == 0 ? $"[<{each.Name}>]" : $"<{each.Name}>");
        IEnumerable<string> parts =
        [
            "snapshots",
            Path(command),
            Shown(command.Subcommands).Any() ? below : string.Empty,
            .. arguments,
            "[options]",
        ];
        return string.Join(' ', parts.Where(part => part.Length > 0));
    }

    private static (string Left, string? Description) Row(Option option)
    {
        var names = string.Join(", ", option.Aliases.Append(option.Name).Distinct().OrderBy(name => name.Length));
        return (option.HelpName is { } value ? $"{names} <{value}>" : names, option.Description);
    }

    private void Section(TextWriter output, string heading, IEnumerable<(string Left, string? Description)> rows)
    {
        var all = rows.ToList();
        if (all.Count == 0) return;
        output.WriteLine();
        output.WriteLine(heading);
        var left = Math.Min(all.Max(row => row.Left.Length), MaxLeft);
        var start = Gap + left + Gap;
        foreach (var (name, description) in all)
        {
            var lines = Wrap(description ?? string.Empty, Math.Max(width - start, 20)).ToList();
            if (name.Length > left)
            {
                output.WriteLine($"  {name}");
                foreach (var line in lines) output.WriteLine($"{new string(' ', start)}{line}");
                continue;
            }

            output.WriteLine($"  {name.PadRight(left)}  {lines.FirstOrDefault(string.Empty)}".TrimEnd());
            foreach (var line in lines.Skip(1)) output.WriteLine($"{new string(' ', start)}{line}");
        }
    }

    /// <summary>Splits a text into lines between its words; a longer word has a line of its own.</summary>
    private static IEnumerable<string> Wrap(string text, int width)
    {
        var line = string.Empty;
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line;
                line = word;
            }
            else
            {
                line = line.Length == 0 ? word : $"{line} {word}";
            }
        }

        if (line.Length > 0) yield return line;
    }
}

/// <summary>Two examples of each command, for its help.</summary>
internal static class Examples
{
    private static readonly Dictionary<string, string[]> All = new(StringComparer.Ordinal)
    {
        [string.Empty] = ["snapshots demo", "snapshots account list --gateway 127.0.0.1:30000"],
        ["demo"] = ["snapshots demo", "snapshots demo -o json"],
        ["account"] = ["snapshots account open alice --deposit 100", "snapshots account list"],
        ["account open"] = ["snapshots account open alice --deposit 100", "snapshots account open bob"],
        ["account show"] = ["snapshots account show alice", "snapshots account show alice -o json"],
        ["account list"] = ["snapshots account list", "snapshots account list -o jsonl"],
        ["account deposit"] =
            ["snapshots account deposit alice 50", "snapshots account deposit alice 50 --id salary-2026-01"],
        ["account withdraw"] =
            ["snapshots account withdraw alice 20", "snapshots account withdraw alice 20 --id cash-7"],
        ["transfer"] = ["snapshots transfer alice bob 30", "snapshots transfer alice bob 30 --id rent-1"],
        ["transfer show"] = ["snapshots transfer show alice rent-1", "snapshots transfer show alice rent-1 -o json"],
        ["load"] =
            ["snapshots load --transfers 10000 --snapshot-every 1", "snapshots load --duration 60 --journal j"],
        ["snapshot"] = ["snapshots snapshot take", "snapshots snapshot list --limit 5"],
        ["snapshot take"] = ["snapshots snapshot take --id s-1", "snapshots snapshot take --detach"],
        ["snapshot list"] = ["snapshots snapshot list", "snapshots snapshot list --limit 5 -o json"],
        ["snapshot show"] = ["snapshots snapshot show s-1", "snapshots snapshot show s-1 -o json --summary"],
        ["snapshot wait"] = ["snapshots snapshot wait s-1", "snapshots snapshot wait s-1 --timeout 300"],
        ["snapshot abort"] = ["snapshots snapshot abort s-1", "snapshots snapshot abort s-1 -o json"],
        ["snapshot delete"] = ["snapshots snapshot delete s-1", "snapshots snapshot delete s-1 -o json"],
        ["snapshot export"] =
            ["snapshots snapshot export s-1 --file s-1.json", "snapshots snapshot export s-1 --file /backup/s-1.json"],
        ["snapshot verify"] = ["snapshots snapshot verify s-1", "snapshots snapshot verify --file s-1.json"],
        ["snapshot query"] =
        [
            "snapshots snapshot query s-1 \"select id, balance from processes\"",
            "snapshots snapshot query --file s-1.json \"select count(*) from messages\" -o csv",
        ],
        ["snapshot diff"] = ["snapshots snapshot diff s-1 s-2", "snapshots snapshot diff ./s-1.json s-2 -o json"],
        ["snapshot pin"] = ["snapshots snapshot pin s-1", "snapshots snapshot pin s-1 -o json"],
        ["snapshot unpin"] = ["snapshots snapshot unpin s-1", "snapshots snapshot unpin s-1 -o json"],
        ["snapshot archive"] =
            ["snapshots snapshot archive s-1 --file s-1.archive", "snapshots snapshot archive s-1 --file /backup/s-1"],
        ["snapshot check"] = ["snapshots snapshot check s-1", "snapshots snapshot check --every 5 --for 60"],
        ["snapshot restore"] =
            ["snapshots snapshot restore s-1 --dry-run", "snapshots snapshot restore --file s-1.archive --yes"],
        ["restore"] = ["snapshots restore list", "snapshots restore revert"],
        ["restore list"] = ["snapshots restore list", "snapshots restore list -o json"],
        ["restore show"] = ["snapshots restore show 1", "snapshots restore show 1 -o json"],
        ["restore wait"] = ["snapshots restore wait 1", "snapshots restore wait 1 --timeout 300"],
        ["restore abort"] = ["snapshots restore abort 1", "snapshots restore abort 1 -o json"],
        ["restore revert"] = ["snapshots restore revert", "snapshots restore revert --yes"],
        ["schedule"] = ["snapshots schedule set --every 60", "snapshots schedule show"],
        ["schedule show"] = ["snapshots schedule show", "snapshots schedule show -o json"],
        ["schedule set"] = ["snapshots schedule set --every 60", "snapshots schedule set --every 60 --keep-last 10"],
        ["schedule clear"] = ["snapshots schedule clear", "snapshots schedule clear -o json"],
        ["replay"] = ["snapshots replay script.txt", "snapshots replay script.txt --engine grains"],
        ["completion"] = ["source <(snapshots completion bash)", "snapshots completion fish | source"],
    };

    /// <summary>The examples of a command, by the words that call it.</summary>
    public static IReadOnlyList<string> Of(string path) => All.GetValueOrDefault(path, []);
}
