namespace Snapshots.Protocol;

/// <summary>What a collection needs to know of many processes at rest, however many they are.</summary>
/// <param name="Processes">How many they are.</param>
/// <param name="Channels">How many channels lead to them that they know.</param>
/// <param name="Balance">
/// The <see cref="CountDigest"/>s of all that they have sent, less those of all that they have delivered, modulo 2^128.
/// It is 0 for a set of processes whose channels lead to one another and are empty.
/// </param>
public readonly record struct RestSums(int Processes, int Channels, UInt128 Balance)
{
    /// <summary>The sums of two sets of processes together.</summary>
    public static RestSums operator +(RestSums left, RestSums right) => new(
        left.Processes + right.Processes, left.Channels + right.Channels, unchecked(left.Balance + right.Balance));

    /// <summary>Adds two sets of processes.</summary>
    public RestSums Add(RestSums other) => this + other;

    /// <summary>The sums of one process.</summary>
    public static RestSums Of(LocalStateReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var balance = UInt128.Zero;
        unchecked
        {
            foreach (var (peer, count) in report.Sent) balance += CountDigest.Of(new(report.Process, peer), count);
            foreach (var (peer, count) in report.Delivered) balance -= CountDigest.Of(new(peer, report.Process), count);
        }

        return new(1, report.Delivered.Length, balance);
    }
}
