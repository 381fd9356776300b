using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Snapshots.Client;

/// <summary>A call that does no harm when it is made twice, made until it is answered.</summary>
internal static class RepeatedCall
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan MaxPause = TimeSpan.FromMilliseconds(500);

    /// <summary>Makes the call again whenever it fails or <see cref="BankConnection.TryTimeout"/> is over, within the timeout of one call.</summary>
    /// <exception cref="ClientException">Nothing has answered in time.</exception>
    [SuppressMessage("Design", "CA1031", Justification = "Whatever went wrong, another silo may do it.")]
    public static async Task<T> MakeAsync<T>(BankConnection bank, Func<Task<T>> call, CancellationToken interrupted)
    {
        var startedAt = Stopwatch.GetTimestamp();
        for (var pause = FirstPause; ; pause = pause * 2 < MaxPause ? pause * 2 : MaxPause)
        {
            try
            {
                return await bank.CallAsync(_ => call().WaitAsync(bank.TryTimeout, interrupted), interrupted);
            }
            catch (Exception) when (!interrupted.IsCancellationRequested && Stopwatch.GetElapsedTime(startedAt) + pause < bank.Timeout)
            {
                await Task.Delay(pause, interrupted);
            }
        }
    }
}
