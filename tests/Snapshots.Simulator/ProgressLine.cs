namespace Snapshots.Simulator;

/// <summary>One line on stderr that tells how far a run is. Safe for concurrent use.</summary>
/// <param name="error">Takes the line.</param>
/// <param name="isShown">Whether a person looks at it; if not, nothing is written.</param>
internal sealed class ProgressLine(TextWriter error, bool isShown)
{
    private readonly Lock _lock = new();
    private int _width;

    /// <summary>Shows a text in the place of the last one.</summary>
    public void Show(string text)
    {
        if (!isShown) return;
        lock (_lock)
        {
            error.Write($"\r{text.PadRight(_width)}");
            _width = text.Length;
        }
    }

    /// <summary>Takes the line away.</summary>
    public void Clear()
    {
        Show(string.Empty);
        Show(string.Empty);
    }
}
