namespace Snapshots.Page;

/// <summary>What the page may be asked, and by what right.</summary>
public sealed class SnapshotsPageOptions
{
    /// <summary>
    /// The token that allows everything. Without one the page answers only to requests that come over the loopback
    /// interface, under a name of this machine.
    /// </summary>
    public string? Token { get; set; }

    /// <summary>A second token, which allows to read; it needs <see cref="Token"/>.</summary>
    public string? ReadToken { get; set; }

    /// <summary>Whether clients reach the page by HTTPS, also if a proxy before it ends TLS; default false.</summary>
    public bool IsHttps { get; set; }

    /// <summary>How long a session of the page lasts; default 12 hours.</summary>
    public TimeSpan SessionLifetime { get; set; } = TimeSpan.FromHours(12);

    /// <summary>The most event streams that are open at the same time; one more is refused. Default 64.</summary>
    public int MaxEventStreams { get; set; } = 64;

    /// <summary>How much memory the snapshots that are looked at may take, in bytes; default 256 MiB.</summary>
    public long MaxContentBytes { get; set; } = 256L << 20;

    /// <summary>Reports whether the silo serves, for the overview; null if nothing is known.</summary>
    public Func<IServiceProvider, PageHealth>? Health { get; set; }
}

/// <summary>Whether a silo serves.</summary>
/// <param name="Obstacle">Why it does not; null if it does.</param>
/// <param name="Degradation">What is damaged while it serves; null if nothing is.</param>
public sealed record PageHealth(string? Obstacle, string? Degradation);
