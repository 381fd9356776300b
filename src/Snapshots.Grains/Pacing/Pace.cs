namespace Snapshots.Grains;

/// <summary>
/// How long a call waits for company: in proportion to the items in the call before, within bounds. With few items a
/// wait saves little, so they leave soon. With many, each item that finds company saves what it would cost alone.
/// </summary>
/// <param name="LeastMs">The shortest wait, in milliseconds: that of an idle silo.</param>
/// <param name="PerItemMs">The wait for each item of the call before, in milliseconds.</param>
/// <param name="MostMs">The longest wait, in milliseconds.</param>
internal readonly record struct Pace(double LeastMs, double PerItemMs, double MostMs)
{
    /// <summary>Returns the wait after a call with so many items.</summary>
    public TimeSpan After(int items) => TimeSpan.FromMilliseconds(Math.Clamp(items * PerItemMs, LeastMs, MostMs));
}
