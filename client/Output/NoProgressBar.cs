namespace Snapshots.Client;

/// <summary>Where nobody looks.</summary>
internal sealed class NoProgressBar : IProgressBar
{
    public void Report(double done, double all, string text)
    {
    }
}
