using System.Globalization;
using System.Text.RegularExpressions;

namespace Snapshots.Faults.Tests;

/// <summary>A silo that runs.</summary>
internal sealed partial class Silo : IAsyncDisposable
{
    private static readonly HttpClient Client = new() { Timeout = TimeSpan.FromSeconds(5) };

    private const int MaxTries = 3;

    private readonly string _http;

    private Silo(ServerProcess process, string gateway, string http)
    {
        Process = process;
        Gateway = gateway;
        _http = http;
    }

    public ServerProcess Process { get; }

    public string Gateway { get; }

    /// <summary>
    /// Starts a silo, and waits until it is ready. One that a busy machine lets no time to start is started again.
    /// </summary>
    public static Task<Silo> StartAsync(string folder, params IReadOnlyList<string> arguments) =>
        StartUnderAsync([], folder, arguments);

    /// <summary>As <see cref="StartAsync"/>, under a program that is put before its command line.</summary>
    public static async Task<Silo> StartUnderAsync(
        IReadOnlyList<string> under, string folder, params IReadOnlyList<string> arguments)
    {
        string[] line = [.. under, ServerProcess.SiloFile, .. arguments, "--silo-port=0", "--http-port=0"];
        for (var tries = 1; ; tries++)
        {
            var process = ServerProcess.Start(line[0], folder, line[1..]);
            await process.SaidOrEndedAsync("silo ready ");
            var wasTooSlow = process.Errors.LastOrDefault()?.StartsWith(
                "The silo did not start within", StringComparison.Ordinal)
                ?? false;
            if (!wasTooSlow || tries == MaxTries) return await ReadyAsync(process);
            await process.DisposeAsync();
        }
    }

    /// <summary>Waits until a silo that was started is ready.</summary>
    public static async Task<Silo> ReadyAsync(ServerProcess process)
    {
        var match = ReadyLine().Match(await process.SaidAsync("silo ready "));
        return new Silo(process, match.Groups[1].Value, match.Groups[2].Value);
    }

    /// <summary>Whether it says that it is ready, and what it says.</summary>
    public async Task<(bool IsReady, string Body)> ReadinessAsync()
    {
        var response = await Client.GetAsync(
            new Uri($"http://{_http}/health/ready"), TestContext.Current.CancellationToken);
        return (response.IsSuccessStatusCode, await response.Content
            .ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    public async Task<bool> IsLiveAsync() =>
        (await Client.GetAsync(new Uri($"http://{_http}/health/live"), TestContext.Current.CancellationToken))
            .IsSuccessStatusCode;

    /// <summary>A counter of <c>/metrics</c>; 0 if it is not there yet.</summary>
    public async Task<long> CounterAsync(string name)
    {
        var metrics = await Client.GetStringAsync(
            new Uri($"http://{_http}/metrics"), TestContext.Current.CancellationToken);
        return metrics.Split('\n')
            .Where(
                line => line.StartsWith(name + " ", StringComparison.Ordinal) || line
                    .StartsWith(name + "{", StringComparison.Ordinal))
            .Sum(line => long.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
    }

    public ValueTask DisposeAsync() => Process.DisposeAsync();

    [GeneratedRegex("^silo ready gateway=([^ ]+) http=([^ ]+) ")]
    private static partial Regex ReadyLine();
}
