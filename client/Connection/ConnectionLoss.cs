using System.Diagnostics.CodeAnalysis;

namespace Snapshots.Client;

/// <summary>Tells those who wait for an answer that the cluster is gone. It may come back, and go again.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A source without a timer holds nothing; a late loss must find it alive.")]
internal sealed class ConnectionLoss
{
    private CancellationTokenSource _source = new();

    /// <summary>Cancelled at the next loss.</summary>
    public CancellationToken Next => Volatile.Read(ref _source).Token;

    /// <summary>The cluster is gone: everyone who waits now is told.</summary>
    public void Notify() => Interlocked.Exchange(ref _source, new()).Cancel();
}
