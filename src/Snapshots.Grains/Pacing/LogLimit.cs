namespace Snapshots.Grains;

/// <summary>Lets one line of a kind pass in a minute, and counts those that it holds back.</summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed class LogLimit(TimeProvider time)
{
    /// <summary>The time between two lines.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private long? _passedAt;
    private long _held;

    /// <summary>Whether a line may be written now.</summary>
    /// <param name="held">How many lines were held back since the one before.</param>
    public bool TryPass(out long held)
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            held = _held;
            if (_passedAt is { } before && time.GetElapsedTime(before, now) < Pause)
            {
                _held++;
                return false;
            }

            (_passedAt, _held) = (now, 0);
            return true;
        }
    }
}
