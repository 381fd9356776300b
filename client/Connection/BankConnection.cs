using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Serialization;
using Snapshots.Bank;
using Snapshots.Bank.Hosting;
using Snapshots.Grains;
using Snapshots.Protocol;

namespace Snapshots.Client;

/// <summary>The one way to the bank, be it in a cluster or in this process.</summary>
internal sealed class BankConnection : IAsyncDisposable
{
    /// <summary>A silo that is lost is taken out of the cluster in about this time.</summary>
    private static readonly TimeSpan MaxTry = TimeSpan.FromSeconds(3);

    private readonly Func<ValueTask> _close;
    private readonly IServiceProvider _services;

    private BankConnection(
        IServiceProvider services, bool isEmbedded, ConnectionLoss loss, TimeSpan timeout, Func<ValueTask> close)
    {
        IsEmbedded = isEmbedded;
        _services = services;
        _close = close;
        Loss = loss;
        Timeout = timeout;
        Grains = services.GetRequiredService<IGrainFactory>();
        Snapshots = new(Grains, BankApplication.Name);
    }

    /// <summary>Whether the silo lives in this process, and only as long as this connection.</summary>
    public bool IsEmbedded { get; }

    /// <summary>Where grains are found.</summary>
    public IGrainFactory Grains { get; }

    /// <summary>Takes and reads snapshots of the bank.</summary>
    public SnapshotClient Snapshots { get; }

    /// <summary>Tells when the cluster is gone.</summary>
    public ConnectionLoss Loss { get; }

    /// <summary>How long a call may take.</summary>
    public TimeSpan Timeout { get; }

    /// <summary>
    /// How long a call that may be repeated is waited for before it is made again: one to a silo that was killed is never answered.
    /// </summary>
    public TimeSpan TryTimeout => Timeout < MaxTry ? Timeout : MaxTry;

    /// <summary>Connects.</summary>
    /// <exception cref="ClientException">The cluster cannot be reached.</exception>
    /// <exception cref="Storage.DataDirectoryException">The data directory cannot be used.</exception>
    public static async Task<BankConnection> OpenAsync(ConnectionSettings settings, CancellationToken interrupted)
    {
        var loss = new ConnectionLoss();
        if (settings.IsEmbedded)
        {
            var silo = await EmbeddedSilo.StartAsync(
                settings.DataDirectory, settings.LogLevel, cancellationToken: interrupted);
            return new(silo.Services, isEmbedded: true, loss, settings.Timeout, silo.DisposeAsync);
        }

        var host = await GatewayHost.StartAsync(settings, loss, interrupted);
        return new(host.Services, isEmbedded: false, loss, settings.Timeout, () => CloseAsync(host));
    }

    /// <summary>An account.</summary>
    public IAccountGrain Account(ProcessId id) => Grains.GetGrain<IAccountGrain>(id.Value);

    /// <summary>The serializer of what accounts and messages are stored as.</summary>
    public Serializer<T> Serializer<T>() => _services.GetRequiredService<Serializer<T>>();

    /// <summary>Makes a call, or something of several calls, that must end within the timeout.</summary>
    /// <param name="call">The call. Its token is cancelled when nobody waits for it any more.</param>
    /// <param name="interrupted">Ctrl-C.</param>
    /// <exception cref="ClientException">
    /// <see cref="ErrorCode.Timeout"/>, or <see cref="ErrorCode.ClusterUnreachable"/> when the cluster has gone.
    /// </exception>
    public async Task<T> CallAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken interrupted)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(interrupted, Loss.Next);
        try
        {
            return await call(limit.Token).WaitAsync(Timeout, limit.Token);
        }
        catch (OperationCanceledException exception) when (!interrupted.IsCancellationRequested)
        {
            throw new ClientException(ErrorCode.ClusterUnreachable, "the connection to the cluster was lost", exception);
        }
        catch (TimeoutException exception)
        {
            var seconds = Timeout.TotalSeconds;
            throw new ClientException(ErrorCode.Timeout, FormattableString.Invariant($"no answer within {seconds} s"), exception);
        }
        finally
        {
            await limit.CancelAsync();
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _close();

    private static async ValueTask CloseAsync(IHost host)
    {
        // The connection ends with the process anyway: a cluster that is gone must not hold it up.
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        try
        {
            await host.StopAsync(limit.Token).WaitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        host.Dispose();
    }
}

/// <summary>Which cluster to talk to, and how.</summary>
/// <param name="Gateway">The gateway; none to find one in the Redis, or to host the silo in this process.</param>
/// <param name="Redis">The Redis in which the cluster has its membership, if it has it there.</param>
/// <param name="DataDirectory">The data directory of a silo in this process.</param>
/// <param name="ClusterId">The cluster's id.</param>
/// <param name="ServiceId">The service's id.</param>
/// <param name="Timeout">How long to connect, and how long a call may take.</param>
/// <param name="Verbose">Whether logs go to stderr.</param>
internal sealed record ConnectionSettings(
    DnsEndPoint? Gateway,
    RedisAddress? Redis,
    string DataDirectory,
    string ClusterId,
    string ServiceId,
    TimeSpan Timeout,
    bool Verbose)
{
    /// <summary>Whether this process hosts the silo.</summary>
    public bool IsEmbedded => Gateway is null && Redis is null;

    /// <summary>The level from which logs go to stderr.</summary>
    public LogLevel LogLevel => Verbose ? LogLevel.Information : LogLevel.None;
}

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
