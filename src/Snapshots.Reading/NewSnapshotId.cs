using System.Security.Cryptography;

namespace Snapshots.Reading;

/// <summary>Makes ids for snapshots to which the user gives none.</summary>
public static class NewSnapshotId
{
    private const string Letters = "abcdefghijklmnopqrstuvwxyz0123456789";
    private const int RandomLetters = 4;

    /// <summary>Makes a new id, such as <c>s-20260131-120000-k3x9</c>.</summary>
    public static SnapshotId Create(string prefix, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        var random = RandomNumberGenerator.GetString(Letters, RandomLetters);
        var now = time.GetUtcNow();
        return new(string.Create(CultureInfo.InvariantCulture, $"{prefix}-{now:yyyyMMdd-HHmmss}-{random}"));
    }
}
