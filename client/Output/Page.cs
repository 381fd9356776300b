using Spectre.Console;

namespace Snapshots.Client;

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
