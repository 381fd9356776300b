namespace Snapshots.Benchmarks;

/// <summary>Who pays whom, and from where, while transfers are measured.</summary>
/// <param name="Prefix">What the names of its figures begin with.</param>
/// <param name="Accounts">How many pay.</param>
/// <param name="Partners">How many others each of them pays.</param>
/// <param name="Gateway">Whether callers are an Orleans client at a TCP gateway, and not the silo's own.</param>
internal sealed record TransferSetting(string Prefix, int Accounts, int Partners, bool Gateway)
{
    /// <summary>The metric's name in this setting.</summary>
    public string NameOf(string metric) =>
        Prefix.Length == 0 ? metric : $"{Prefix}{char.ToUpperInvariant(metric[0])}{metric[1..]}";
}
