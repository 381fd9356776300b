using System.Net;

namespace Snapshots.Bank.Hosting;

/// <summary>Where a silo of the bank listens and what it calls itself.</summary>
public sealed record BankSiloOptions
{
    /// <summary>The cluster that the silo belongs to.</summary>
    public string ClusterId { get; init; } = "snapshots";

    /// <summary>The service that outlives clusters: stored state belongs to it.</summary>
    public string ServiceId { get; init; } = "bank";

    /// <summary>Where silo and gateway listen and are announced.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>The port of the silo among silos.</summary>
    public int SiloPort { get; init; } = 11111;

    /// <summary>The port for clients.</summary>
    public int GatewayPort { get; init; } = 30000;
}
