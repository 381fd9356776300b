using Spectre.Console;

namespace Snapshots.Client;

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
