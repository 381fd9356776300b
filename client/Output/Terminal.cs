using System.Text.Json;
using Spectre.Console;

namespace Snapshots.Client;

/// <summary>Where a command shows what it has: one result on stdout in the format asked for, the rest on stderr.</summary>
internal sealed class Terminal
{
    /// <summary>So wide that no table is broken into lines when no person looks at it.</summary>
    private const int RedirectedWidth = 4096;

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

    /// <summary>Whether the result is for a person, and not JSON.</summary>
    public bool IsForPeople => _format == OutputFormat.Table;

    /// <summary>Shows one object, and the failure if there is one too; returns the exit code.</summary>
    /// <param name="members">Writes the object's members.</param>
    /// <param name="show">Shows the object to a person.</param>
    /// <param name="failure">Why the command has failed although there is something to show.</param>
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

    /// <summary>Shows a list; returns the exit code.</summary>
    public int ShowList<T>(IReadOnlyList<T> items, Action<Utf8JsonWriter, T> members, Action<Page> show)
    {
        if (IsForPeople) show(new Page(_output, _environment.IsOutputTerminal));
        else JsonText.WriteList(_environment.Output, _format, items, members);
        return 0;
    }

    /// <summary>Shows a part of what a person is told while the command goes on; nothing when JSON was asked for.</summary>
    public void ShowNow(Action<Page> show)
    {
        if (!IsForPeople) return;
        show(new Page(_output, _environment.IsOutputTerminal));
        _environment.Output.Flush();
    }

    /// <summary>One line on stderr.</summary>
    public void Say(string line)
    {
        _environment.Output.Flush();
        _environment.Error.WriteLine(line);
    }

    /// <summary>Runs something that takes its time, with a progress bar on stderr if a person looks at it.</summary>
    public async Task<T> WithProgressAsync<T>(string title, Func<IProgressBar, Task<T>> work)
    {
        if (!_environment.IsErrorTerminal) return await work(new NoProgressBar());
        var progress = _error.Progress();
        progress.AutoClear = true;
        progress.Columns(new SpinnerColumn(), new TaskDescriptionColumn(), new ProgressBarColumn(), new ElapsedTimeColumn());
        return await progress.StartAsync(context => work(new SpectreProgressBar(context.AddTask(Markup.Escape(title)))));
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

/// <summary>What a person is shown on stdout: lines and tables, plain when no terminal shows them.</summary>
internal sealed class Page(IAnsiConsole console, bool isTerminal)
{
    /// <summary>One line.</summary>
    public void Line(string text = "") => console.WriteLine(text);

    /// <summary>A text as it is.</summary>
    public void Raw(string text) => console.Profile.Out.Writer.Write(text);

    /// <summary>One line that stands out.</summary>
    public void Heading(string text) => console.Write(new Text(text + "\n", new Style(decoration: Decoration.Bold)));

    /// <summary>Names and values, one pair a line.</summary>
    public void Facts(params IEnumerable<(string Name, string Value)> facts)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();
        foreach (var (name, value) in facts) grid.AddRow(new Text(name), new Text(value));
        console.Write(grid);
    }

    /// <summary>A table; columns whose name begins with <c>#</c> stand to the right.</summary>
    public void Table(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        var table = new Table { Border = isTerminal ? TableBorder.Rounded : TableBorder.None };
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

/// <summary>Shows how far something is. Safe to report to from any thread.</summary>
internal interface IProgressBar
{
    /// <summary>So much of so much is done.</summary>
    void Report(double done, double all, string text);
}

/// <summary>Where nobody looks.</summary>
internal sealed class NoProgressBar : IProgressBar
{
    public void Report(double done, double all, string text)
    {
    }
}

/// <summary>A bar of Spectre.Console.</summary>
internal sealed class SpectreProgressBar(ProgressTask task) : IProgressBar
{
    public void Report(double done, double all, string text)
    {
        task.IsIndeterminate = all <= 0;
        if (all > 0) task.MaxValue = all;
        task.Value = Math.Min(done, task.MaxValue);
        task.Description = Markup.Escape(text);
    }
}
