using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Serialization;
using Snapshots.Bank.Hosting;

namespace Snapshots.Client;

/// <summary>The connection to the bank or another application, in a cluster or in this process.</summary>
internal sealed class BankConnection : IAsyncDisposable
{
    /// <summary>About the time in which the cluster removes a lost silo.</summary>
    private static readonly TimeSpan MaxTry = TimeSpan.FromSeconds(3);

    /// <summary>The pause before a call is repeated that a restore has refused or outdated.</summary>
    private static readonly TimeSpan RestoringPause = TimeSpan.FromMilliseconds(50);

    private readonly Func<ValueTask> _close;
    private long _epoch;

    private BankConnection(
        IServiceProvider services, ConnectionSettings settings, ConnectionLoss loss, Func<ValueTask> close)
    {
        IsEmbedded = settings.IsEmbedded;
        _close = close;
        Loss = loss;
        Timeout = settings.Timeout;
        Grains = services.GetRequiredService<IGrainFactory>();
        Snapshots = new(Grains, settings.Application, services.GetRequiredService<Serializer>());
    }

    /// <summary>Whether the silo is in this process, and stops with this connection.</summary>
    public bool IsEmbedded { get; }

    /// <summary>Creates references to grains.</summary>
    public IGrainFactory Grains { get; }

    /// <summary>Takes and reads snapshots of the application.</summary>
    public SnapshotClient Snapshots { get; }

    /// <summary>The application's name.</summary>
    public string Application => Snapshots.Application;

    /// <summary>Whether the application is the bank.</summary>
    public bool IsBank => Application == BankApplication.Name;

    /// <summary>Reports the loss of the cluster.</summary>
    public ConnectionLoss Loss { get; }

    /// <summary>How long a call may take.</summary>
    public TimeSpan Timeout { get; }

    /// <summary>The longest wait for one try of a repeatable call: a call to a killed silo is never answered.</summary>
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
                settings.DataDirectory,
                settings.LogLevel,
                applications: HostedApplications.All,
                cancellationToken: interrupted);
            return new(silo.Services, settings, loss, silo.DisposeAsync);
        }

        var host = await GatewayHost.StartAsync(settings, loss, interrupted);
        return new(host.Services, settings, loss, () => CloseAsync(host));
    }

    /// <summary>Returns the grain of an account.</summary>
    public IAccountGrain Account(ProcessId id) => Grains.GetGrain<IAccountGrain>(id.Value);

    /// <summary>Requires that the silos host the application.</summary>
    /// <exception cref="ClientException">They do not.</exception>
    public async Task RequireHostedAsync(CancellationToken interrupted)
    {
        var hosted = await CallAsync(_ => Snapshots.ListApplicationsAsync(), interrupted);
        if (hosted.Contains(Application)) return;
        var message = $"the silo does not host the application {Application}; it hosts {string.Join(", ", hosted)}";
        throw new ClientException(ErrorCode.NotFound, message);
    }

    /// <summary>
    /// Takes the epoch of an answer. False if a newer one was seen: then the answer is dropped and the request
    /// repeated, since a restore has discarded what it says.
    /// </summary>
    public bool Accepts(Epoch epoch)
    {
        for (var seen = Interlocked.Read(ref _epoch); epoch.Value > seen;)
        {
            var before = Interlocked.CompareExchange(ref _epoch, epoch.Value, seen);
            if (before == seen) return true;
            seen = before;
        }

        return epoch.Value == Interlocked.Read(ref _epoch);
    }

    /// <summary>
    /// Makes one or more calls that must end within the timeout. While a restore refuses them they are repeated.
    /// </summary>
    /// <param name="call">The call. Its token is cancelled when the wait ends.</param>
    /// <param name="interrupted">Cancelled by Ctrl-C.</param>
    /// <exception cref="ClientException">
    /// <see cref="ErrorCode.Timeout"/>, or <see cref="ErrorCode.ClusterUnreachable"/> when the cluster is lost.
    /// </exception>
    public async Task<T> CallAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken interrupted)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(interrupted, Loss.Next);
        var isRestoring = new StrongBox<bool>();
        try
        {
            return await RepeatAsync(call, isRestoring, limit.Token).WaitAsync(Timeout, limit.Token);
        }
        catch (TimeoutException exception) when (isRestoring.Value)
        {
            throw new ClientException(ErrorCode.Restoring, new RestoringException().Message, exception);
        }
        catch (OperationCanceledException exception) when (!interrupted.IsCancellationRequested)
        {
            throw new ClientException(
                ErrorCode.ClusterUnreachable, "the connection to the cluster was lost", exception);
        }
        catch (TimeoutException exception)
        {
            var seconds = Timeout.TotalSeconds;
            throw new ClientException(
                ErrorCode.Timeout, FormattableString.Invariant($"no answer within {seconds} s"), exception);
        }
        finally
        {
            await limit.CancelAsync();
        }
    }

    private async Task<T> RepeatAsync<T>(
        Func<CancellationToken, Task<T>> call, StrongBox<bool> isRestoring, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                var answer = await call(cancellationToken);
                if (EpochOf(answer) is not { } epoch || Accepts(epoch)) return answer;
            }
            catch (RestoringException)
            {
                isRestoring.Value = true;
            }

            await Task.Delay(RestoringPause, cancellationToken);
        }
    }

    private static Epoch? EpochOf<T>(T answer) => answer switch
    {
        AccountAnswer said => said.Epoch,
        AccountView said => said.Epoch,
        TransferView said => said.Epoch,
        _ => null,
    };

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _close();

    private static async ValueTask CloseAsync(IHost host)
    {
        // The connection ends with the process anyway: a lost cluster must not delay the exit.
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

/// <summary>Which cluster to connect to, and how.</summary>
/// <param name="Gateway">The gateway; null to find one in the Redis, or to host the silo in this process.</param>
/// <param name="Redis">The Redis with the membership of the cluster; null for none.</param>
/// <param name="DataDirectory">The data directory of a silo in this process.</param>
/// <param name="ClusterId">The cluster's id.</param>
/// <param name="ServiceId">The service's id.</param>
/// <param name="Timeout">How long to connect, and how long a call may take.</param>
/// <param name="Verbose">Whether logs go to stderr.</param>
/// <param name="Application">The application whose snapshots are meant.</param>
internal sealed record ConnectionSettings(
    DnsEndPoint? Gateway,
    RedisAddress? Redis,
    string DataDirectory,
    string ClusterId,
    string ServiceId,
    TimeSpan Timeout,
    bool Verbose,
    string Application = BankApplication.Name)
{
    /// <summary>The cluster, in words.</summary>
    public string Where => Gateway is { } named ? $"{named.Host}:{named.Port}" : $"the cluster of the Redis at {Redis}";

    /// <summary>Mutual TLS to the cluster; null for none.</summary>
    public Tls? Tls { get; init; }

    /// <summary>Whether this process hosts the silo.</summary>
    public bool IsEmbedded => Gateway is null && Redis is null;

    /// <summary>The level from which logs go to stderr.</summary>
    public LogLevel LogLevel => Verbose ? LogLevel.Information : LogLevel.None;
}

/// <summary>Cancels the waits for answers when the cluster is lost. It may come back, and be lost again.</summary>
[SuppressMessage(
    "Design",
    "CA1001",
    Justification = "A source without a timer holds no resource; a late loss must find it undisposed.")]
internal sealed class ConnectionLoss
{
    private CancellationTokenSource _source = new();

    /// <summary>Cancelled at the next loss.</summary>
    public CancellationToken Next => Volatile.Read(ref _source).Token;

    /// <summary>Cancels the token of every wait that has begun.</summary>
    public void Notify() => Interlocked.Exchange(ref _source, new()).Cancel();
}

/// <summary>Repeats an idempotent call until it is answered.</summary>
internal static class RepeatedCall
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan MaxPause = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Repeats the call when it fails or <see cref="BankConnection.TryTimeout"/> is over, within the timeout of one
    /// call.
    /// </summary>
    /// <exception cref="ClientException">No answer came in time.</exception>
    [SuppressMessage("Design", "CA1031", Justification = "Another silo may answer, whatever failed.")]
    public static async Task<T> MakeAsync<T>(BankConnection bank, Func<Task<T>> call, CancellationToken interrupted)
    {
        var startedAt = Stopwatch.GetTimestamp();
        for (var pause = FirstPause; ; pause = pause * 2 < MaxPause ? pause * 2 : MaxPause)
        {
            try
            {
                return await bank.CallAsync(_ => call().WaitAsync(bank.TryTimeout, interrupted), interrupted);
            }
            catch (Exception) when (!interrupted.IsCancellationRequested
                && Stopwatch.GetElapsedTime(startedAt) + pause < bank.Timeout)
            {
                await Task.Delay(pause, interrupted);
            }
        }
    }
}
