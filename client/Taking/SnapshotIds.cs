using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using Snapshots.Protocol;

namespace Snapshots.Client;

/// <summary>The names of snapshots.</summary>
internal static class SnapshotIds
{
    private const string Letters = "abcdefghijklmnopqrstuvwxyz0123456789";
    private const int RandomLetters = 4;

    /// <summary>The argument <c>ID</c>.</summary>
    public static Argument<SnapshotId> Argument() => Inputs.Argument("ID", "The snapshot", Read.Snapshot);

    /// <summary>A new name, such as <c>s-20260131-120000-k3x9</c>.</summary>
    public static string Create(string prefix, TimeProvider time) => string.Create(
        CultureInfo.InvariantCulture,
        $"{prefix}-{time.GetUtcNow():yyyyMMdd-HHmmss}-{RandomNumberGenerator.GetString(Letters, RandomLetters)}");
}
