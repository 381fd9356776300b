namespace Snapshots.Client;

/// <summary>Shows how far something is. Safe to report to from any thread.</summary>
internal interface IProgressBar
{
    /// <summary>So much of so much is done.</summary>
    void Report(double done, double all, string text);
}
