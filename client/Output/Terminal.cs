using System.Text;
using Spectre.Console;

namespace Snapshots.Client;

/// <summary>Prints the result of a command to stdout in the chosen format, and everything else to stderr.</summary>
internal sealed class Terminal
{
    /// <summary>So wide that no table row is wrapped in redirected output.</summary>
    internal const int RedirectedWidth = 4096;

    private const int MinWidthWithBar = 90;
    private const int MaxBar = 40;

    /// <summary>The columns of a progress line beside its text and its bar, with the blanks between.</summary>
    private const int SpinnerAndTime = 16;

    private readonly ClientEnvironment _environment;
    private readonly OutputFormat _format;
    private readonly IAnsiConsole _output;
    private readonly IAnsiConsole _error;

    public Terminal(ClientEnvironment environment, OutputFormat format, bool useColor)
    {
        _environment = environment;
        _format = format;
        _output = Create(environment.Output, environment.IsOutputTerminal, useColor);
        _error = Create(environment.Error, environment.IsErrorTerminal, useColor);
    }

    /// <summary>The format of the result.</summary>
    public OutputFormat Format => _format;

    /// <summary>Writes a result that has its format already.</summary>
    public void Write(Action<TextWriter> write) => write(_environment.Output);

    /// <summary>Whether the result is text for people, not JSON.</summary>
    public bool IsForPeople => _format == OutputFormat.Table;

    /// <summary>Shows one object, and a failure if there is one; returns the exit code.</summary>
    /// <param name="members">Writes the object's members.</param>
    /// <param name="show">Shows the object as text.</param>
    /// <param name="failure">Why the command failed although it has a result; null if it did not fail.</param>
    public int ShowObject(Action<Utf8JsonWriter> members, Action<Page> show, Failure? failure = null)
    {
        if (IsForPeople)
        {
            show(new Page(_output, _environment.IsOutputTerminal));
            if (failure is not null) Say($"error: {failure.Message}");
        }
        else
        {
            JsonText.WriteObject(
                _environment.Output,
                _format,
                writer =>
                {
                    members(writer);
                    failure?.WriteTo(writer);
                });
        }

        return failure?.Code.ExitCode ?? 0;
    }

    /// <summary>Writes a text to stdout as it is, in every format; returns the exit code.</summary>
    public int ShowText(ReadOnlySpan<byte> text, Failure? failure)
    {
        _environment.Output.Write(Encoding.UTF8.GetString(text));
        if (failure is not null) Say($"error: {failure.Message}");
        return failure?.Code.ExitCode ?? 0;
    }

    /// <summary>Shows a list; returns the exit code.</summary>
    public int ShowList<T>(IReadOnlyList<T> items, Action<Utf8JsonWriter, T> members, Action<Page> show)
    {
        if (IsForPeople) show(new Page(_output, _environment.IsOutputTerminal));
        else JsonText.WriteList(_environment.Output, _format, items, members);
        return 0;
    }

    /// <summary>Shows a part of the text while the command runs; nothing when JSON was asked for.</summary>
    public void ShowNow(Action<Page> show)
    {
        if (!IsForPeople) return;
        show(new Page(_output, _environment.IsOutputTerminal));
        _environment.Output.Flush();
    }

    /// <summary>Prints one line to stderr.</summary>
    public void Say(string line)
    {
        _environment.Output.Flush();
        _environment.Error.WriteLine(line);
    }

    /// <summary>Prints one line for a person who waits: to stderr if that is a terminal.</summary>
    public void Hint(string line)
    {
        if (_environment.IsErrorTerminal) Say(line);
    }

    /// <summary>Runs a long operation, with a progress bar if stderr is a terminal.</summary>
    public async Task<T> WithProgressAsync<T>(string title, Func<IProgressBar, Task<T>> work)
    {
        if (!_environment.IsErrorTerminal) return await work(new NoProgressBar());
        var progress = _error.Progress();
        progress.AutoClear = true;

        // A line that is wrapped could not be drawn again in its place.
        var width = _error.Profile.Width;
        var bar = width < MinWidthWithBar ? 0 : Math.Min(MaxBar, width / 4);
        progress.Columns(
        [
            new SpinnerColumn(),
            new TaskDescriptionColumn(),
            .. bar == 0 ? (ProgressColumn[])[] : [new ProgressBarColumn { Width = bar }],
            new ElapsedTimeColumn(),
        ]);
        return await progress.StartAsync(context =>
            work(new SpectreProgressBar(context.AddTask(Markup.Escape(title)), width - bar - SpinnerAndTime)));
    }

    private static IAnsiConsole Create(TextWriter writer, bool isTerminal, bool useColor)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = isTerminal && useColor ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = isTerminal ? InteractionSupport.Yes : InteractionSupport.No,
        });
        if (!isTerminal) console.Profile.Width = RedirectedWidth;
        return console;
    }
}

/// <summary>Text on stdout: lines and tables, without borders when stdout is not a terminal.</summary>
internal sealed class Page(IAnsiConsole console, bool isTerminal)
{
    /// <summary>Prints one line.</summary>
    public void Line(string text = "") => console.WriteLine(text);

    /// <summary>Prints a text unchanged.</summary>
    public void Raw(string text) => console.Profile.Out.Writer.Write(text);

    /// <summary>Prints one line in bold.</summary>
    public void Heading(string text) => console.Write(new Text(text + "\n", new Style(decoration: Decoration.Bold)));

    /// <summary>Prints names and values, one pair a line.</summary>
    public void Facts(params IEnumerable<(string Name, string Value)> facts)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();
        foreach (var (name, value) in facts) grid.AddRow(new Text(name), new Text(value));
        console.Write(grid);
    }

    /// <summary>
    /// Prints a table; columns whose name begins with <c>#</c> are aligned to the right. On a terminal that is too
    /// narrow the last columns are left out, and that is said. The first two stay: if they have no room, they are
    /// printed without borders, and the terminal wraps the lines; no cell is broken.
    /// </summary>
    public void Table(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        var all = rows.ToList();
        var (shown, fits) = isTerminal ? Fitting(columns, all) : (columns.Count, true);
        var width = console.Profile.Width;
        if (!fits) console.Profile.Width = Terminal.RedirectedWidth;
        Write(columns.Take(shown), all.Select(row => row.Take(shown)), isTerminal && fits);
        console.Profile.Width = width;
        if (shown < columns.Count)
        {
            var names = string.Join(", ", columns.Skip(shown).Select(column => column.TrimStart('#')));
            Line($"not shown, for want of width: {names}");
        }
    }

    private (int Shown, bool Fits) Fitting(IReadOnlyList<string> columns, List<IReadOnlyList<string>> rows)
    {
        var used = 1;
        for (var column = 0; column < columns.Count; column++)
        {
            used += 3 + rows.Select(row => row[column].Length).Append(columns[column].TrimStart('#').Length).Max();
            if (used <= console.Profile.Width) continue;
            var least = Math.Min(2, columns.Count);
            return (Math.Max(column, least), column >= least);
        }

        return (columns.Count, true);
    }

    private void Write(IEnumerable<string> columns, IEnumerable<IEnumerable<string>> rows, bool hasBorder)
    {
        var table = new Table { Border = hasBorder ? TableBorder.Rounded : TableBorder.None };
        foreach (var column in columns)
        {
            var isNumber = column.StartsWith('#');
            var header = new TableColumn(new Text(isNumber ? column[1..] : column)).NoWrap();
            table.AddColumn(isNumber ? header.RightAligned() : header);
        }

        foreach (var row in rows) table.AddRow(row.Select(cell => new Text(cell)));
        console.Write(table);
    }
}

/// <summary>Shows progress. Thread-safe.</summary>
internal interface IProgressBar
{
    /// <summary>Shows that a part of all is done.</summary>
    void Report(double done, double all, string text);
}

/// <summary>Shows nothing: stderr is not a terminal.</summary>
internal sealed class NoProgressBar : IProgressBar
{
    public void Report(double done, double all, string text)
    {
    }
}

/// <summary>Shows progress as a bar of Spectre.Console.</summary>
internal sealed class SpectreProgressBar(ProgressTask task, int maxText) : IProgressBar
{
    public void Report(double done, double all, string text)
    {
        task.IsIndeterminate = all <= 0;
        if (all > 0) task.MaxValue = all;
        task.Value = Math.Min(done, task.MaxValue);
        task.Description = Markup.Escape(text.Length <= maxText ? text : $"{text[..Math.Max(maxText - 1, 0)]}…");
    }
}
