using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Snapshots.Grains;
using Snapshots.Protocol;

namespace Snapshots.Silo.Tests;

public sealed class TelemetryTests : IDisposable
{
    private static readonly string[] Documents = ["alerts.yaml", "grafana-dashboard.json", "operations.md"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_series_is_there_from_the_start_and_counts_what_happens()
    {
        await using var silo = SiloProcess.StartOnFreePorts(_folder.Path);
        var ready = await silo.Ready();
        var atStart = await ReadAsync(ready);
        await TakeAsync(ready);
        var after = await ReadAsync(ready);

        Assert.Equal(atStart.Keys.Where(IsOurs).Order(), after.Keys.Where(IsOurs).Order());
        Assert.Equal(0, atStart["snapshots_completed_total"]);
        Assert.Equal(1, after["snapshots_completed_total"]);
        Assert.Equal(1, after["snapshots_duration_seconds_count"]);
        Assert.InRange(after["snapshots_duration_seconds_sum"], 0, 30);
        Assert.True(after["snapshots_size_bytes_sum"] > 0);
        Assert.Equal(1, after["snapshots_bank_transfers_total{outcome=\"accepted\"}"]);
        string[] reasons = ["timeout", "cancelled", "restore", "damaged", "handler", "overflow", "certificate", "other"];
        foreach (var reason in reasons)
            Assert.Equal(0, atStart[$"snapshots_aborted_total{{reason=\"{reason}\"}}"]);
        Assert.Equal(0, atStart["snapshots_check_findings_total{application=\"bank\",check=\"conservation\"}"]);
        Assert.Equal(0, atStart["snapshots_restores_total{status=\"completed\"}"]);
    }

    [Fact]
    public async Task Names_units_and_help_follow_the_conventions()
    {
        await using var silo = SiloProcess.StartOnFreePorts(_folder.Path);
        var (_, text) = await Http.Get((await silo.Ready()).Http, "/metrics");
        foreach (Match type in Regex.Matches(text, "^# TYPE (snapshots_\\S+) (\\S+)$", RegexOptions.Multiline))
        {
            var (name, kind) = (type.Groups[1].Value, type.Groups[2].Value);
            Assert.Equal(kind == "counter", name.EndsWith("_total", StringComparison.Ordinal));
            Assert.DoesNotMatch("milli|_ms(_|$)", name);
            var help = Regex.Match(text, $"^# HELP {name} (.+)$", RegexOptions.Multiline).Groups[1].Value;
            Assert.Matches("^[A-Z][^`<>]*\\.$", help);
            Assert.DoesNotMatch("System|Microsoft|Int64|Counter", help);
        }
    }

    [Fact]
    public async Task Dashboard_alerts_and_documents_name_metrics_that_are_there()
    {
        await using var silo = SiloProcess.StartOnFreePorts(_folder.Path);
        var (_, text) = await Http.Get((await silo.Ready()).Http, "/metrics");
        var known = Regex.Matches(text, "^# TYPE (\\S+) ", RegexOptions.Multiline).Select(type => type.Groups[1].Value).ToHashSet();
        foreach (var document in Documents)
        {
            var names = Regex.Matches(
                    await File.ReadAllTextAsync(
                        Path.Combine(AppContext.BaseDirectory, "docs", document), TestContext.Current.CancellationToken),
                    "\\bsnapshots_[a-z_]+")
                .Select(name => Regex.Replace(name.Value, "_(bucket|sum|count)$", "")).Distinct().ToList();
            Assert.True(names.Count > 4, document);
            Assert.All(names, name => Assert.Contains(name, known));
        }
    }

    [Fact]
    public async Task A_snapshot_and_a_restore_are_traces_that_are_sent_with_their_spans()
    {
        using var collector = new HttpListener();
        var port = FindFreePort();
        collector.Prefixes.Add($"http://127.0.0.1:{port}/");
        collector.Start();
        var (traces, metrics) = (new StringBuilder(), new StringBuilder());
        var receiving = ReceiveAsync();
        await using (var silo = SiloProcess.StartOnFreePorts(_folder.Path, "--otlp", $"http://127.0.0.1:{port}"))
        {
            var ready = await silo.Ready();
            await TakeAsync(ready);
            await RestoreAsync(ready);
            Assert.Equal(0, (await silo.Stop()).Code); // What was collected is sent before the end.
        }

        collector.Stop();
        await receiving;
        string[] spans = ["plan", "ask", "record", "channels", "certificate", "snapshot"];
        foreach (var span in spans.Concat(["restore preparing", "restore closing", "restore applying"]))
            Assert.Contains(span, traces.ToString(), StringComparison.Ordinal);
        Assert.Contains("s-traced", traces.ToString(), StringComparison.Ordinal);
        Assert.Contains("snapshots.bank.transfers", metrics.ToString(), StringComparison.Ordinal);

        async Task ReceiveAsync()
        {
            while (true)
            {
                try
                {
                    var context = await collector.GetContextAsync();
                    using var reader = new StreamReader(context.Request.InputStream, Encoding.Latin1);
                    var body = await reader.ReadToEndAsync();
                    (context.Request.Url!.AbsolutePath == "/v1/traces" ? traces : metrics).Append(body);
                    context.Response.Close();
                }
                catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
                {
                    return;
                }
            }
        }
    }

    [Fact]
    public async Task The_dashboard_of_Orleans_is_served_when_it_is_asked_for_and_on_loopback_only()
    {
        await using var silo = SiloProcess.StartOnFreePorts(_folder.Path, "--dashboard");
        var (status, page) = await Http.Get((await silo.Ready()).Http, "/dashboard/");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("Orleans", page, StringComparison.Ordinal);

        await using var open = SiloProcess.StartOnFreePorts(_folder.Path, "--dashboard", "--address", "192.0.2.1");
        Assert.StartsWith("--dashboard has no protection", (await open.Exit()).Refusal(2), StringComparison.Ordinal);
        await using var bad = SiloProcess.StartOnFreePorts(_folder.Path, "--otlp", "here");
        Assert.StartsWith("--otlp: 'here' is not an endpoint", (await bad.Exit()).Refusal(2), StringComparison.Ordinal);
    }

    private static bool IsOurs(string series) => series.StartsWith("snapshots_", StringComparison.Ordinal);

    private static async Task<Dictionary<string, double>> ReadAsync(SiloReady ready)
    {
        var (_, text) = await Http.Get(ready.Http, "/metrics");
        return text.Split('\n').Where(line => line.Length > 0 && line[0] != '#').ToDictionary(
            line => line[..line.LastIndexOf(' ')],
            line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], System.Globalization.CultureInfo.InvariantCulture));
    }

    private static int FindFreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task RestoreAsync(SiloReady ready)
    {
        await using var bank = await BankClient.Connect(ready.Gateway);
        var snapshots = new SnapshotClient(bank.Grains, "bank");
        var restore = await snapshots.BeginRestoreAsync(new(new("s-traced"), "traced", TakesSafety: false));
        var ended = await snapshots.WaitForRestoreAsync(restore.Number, progress: null, TestContext.Current.CancellationToken);
        Assert.Equal(RestoreStatus.Completed, ended.Status);
    }

    private static async Task TakeAsync(SiloReady ready)
    {
        await using var bank = await BankClient.Connect(ready.Gateway);
        Assert.True((await bank.Account("alice").OpenAsync(10)).IsAccepted);
        Assert.True((await bank.Account("bob").OpenAsync(10)).IsAccepted);
        Assert.True((await bank.Account("alice").TransferAsync(new("t-1"), new("bob"), new(3))).IsAccepted);
        var snapshots = new SnapshotClient(bank.Grains, "bank");
        await snapshots.BeginAsync(new(new("s-traced"), new ProcessId("alice"), TimeSpan.FromSeconds(20)));
        while ((await snapshots.GetAsync(new("s-traced")))?.Summary.Status == SnapshotStatus.Running)
            await Task.Delay(20, TestContext.Current.CancellationToken);
    }
}
