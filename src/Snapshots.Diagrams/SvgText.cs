namespace Snapshots.Diagrams;

/// <summary>Builds the text of one SVG. Coordinates are whole numbers or tenths, lines end in LF.</summary>
internal sealed class SvgText
{
    /// <summary>The width of a character of the monospaced font at 12 pixels, in tenths of a pixel.</summary>
    public const int CharacterTenths = 73;

    private readonly StringBuilder _body = new();

    /// <summary>The width of a text at 12 pixels, rounded up.</summary>
    public static int WidthOf(string text) => ((text.Length * CharacterTenths) + 9) / 10;

    /// <summary>Returns a text with what XML gives a meaning escaped, and what it forbids replaced.</summary>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        for (var index = 0; index < text.Length; index++)
        {
            var each = text[index];
            if (char.IsHighSurrogate(each) && index + 1 < text.Length && char.IsLowSurrogate(text[index + 1]))
            {
                escaped.Append(each).Append(text[++index]);
                continue;
            }

            _ = each switch
            {
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '&' => escaped.Append("&amp;"),
                '"' => escaped.Append("&quot;"),
                '\'' => escaped.Append("&#39;"),
                _ when char.IsControl(each) || char.IsSurrogate(each) || each >= '\uFFFE' => escaped.Append('\uFFFD'),
                _ => escaped.Append(each),
            };
        }

        return escaped.ToString();
    }

    /// <summary>Returns a text as one line: what would end the line is a blank.</summary>
    public static string Line(string text) =>
        string.Concat(text.Select(each => char.IsControl(each) || each is '\u2028' or '\u2029' ? ' ' : each));

    /// <summary>Returns the beginning of a text that is too long, with an ellipsis.</summary>
    public static string Clip(string text, int length) =>
        text.Length <= length ? text : $"{text[..(length - 1)]}…";

    /// <summary>Returns a coordinate that is given in tenths.</summary>
    public static string Tenths(int value)
    {
        var (sign, whole, rest) = (value < 0 ? "-" : string.Empty, Math.Abs(value / 10), Math.Abs(value % 10));
        return string.Create(CultureInfo.InvariantCulture, $"{sign}{whole}{(rest == 0 ? "" : $".{rest}")}");
    }

    /// <summary>Adds one line of markup.</summary>
    public SvgText Add(FormattableString markup)
    {
        _body.Append(markup.ToString(CultureInfo.InvariantCulture)).Append('\n');
        return this;
    }

    /// <summary>Adds a text.</summary>
    /// <param name="style">Its classes.</param>
    /// <param name="x">Where it stands.</param>
    /// <param name="y">Its base line.</param>
    /// <param name="text">The text, not escaped.</param>
    public SvgText AddText(string style, int x, int y, string text) =>
        Add($"<text class=\"{style}\" x=\"{x}\" y=\"{y}\">{Escape(text)}</text>");

    /// <summary>Adds a text that hides the lines under it, centred.</summary>
    public SvgText AddLabel(string style, int x, int y, string text)
    {
        var width = WidthOf(text) + 2;
        return Add($"<rect class=\"paper\" x=\"{x - (width / 2)}\" y=\"{y - 11}\" width=\"{width}\" height=\"14\"/>")
            .AddText($"{style} middle", x, y, text);
    }

    /// <summary>Returns the whole document.</summary>
    /// <param name="width">The width in pixels.</param>
    /// <param name="height">The height in pixels.</param>
    /// <param name="title">The title, not escaped.</param>
    /// <param name="description">What is to be seen, for people who do not see it; not escaped.</param>
    /// <param name="embedded">Whether the style is left to the page that it becomes part of.</param>
    public string ToDocument(int width, int height, string title, string description, bool embedded)
    {
        var body = _body.ToString();
        var id = IdOf(title + body);
        var style = embedded ? string.Empty : $"<style>\n{DiagramStyle.Css}</style>\n";
        const string Attributes = "xmlns=\"http://www.w3.org/2000/svg\" class=\"snapshots-diagram\" role=\"img\"";
        var size = string.Create(
            CultureInfo.InvariantCulture, $"width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\"");
        return string.Create(CultureInfo.InvariantCulture, $"""
            <svg {Attributes} aria-labelledby="{id}-title {id}-desc" {size}>
            <title id="{id}-title">{Escape(title)}</title>
            <desc id="{id}-desc">{Escape(description)}</desc>
            {style}<rect class="paper" width="{width}" height="{height}"/>
            {body}</svg>

            """).ReplaceLineEndings("\n");
    }

    /// <summary>A name that two different pictures of one page do not share (FNV-1a).</summary>
    private static string IdOf(string text)
    {
        var hash = 2166136261u;
        foreach (var each in text) hash = unchecked((hash ^ each) * 16777619u);
        return string.Create(CultureInfo.InvariantCulture, $"d{hash:x8}");
    }
}
