using System.Diagnostics;
using System.Globalization;

namespace Snapshots.Faults.Tests;

/// <summary>
/// Hosts of their own, one network namespace each, on a bridge of this machine: <c>10.231.N.2</c> and so on; the
/// machine itself is <c>10.231.N.1</c>. Links between two of them can be cut.
/// </summary>
internal sealed class Namespaces : IDisposable
{
    private readonly int _network = 1 + (Environment.ProcessId % 250);
    private readonly int _hosts;

    private Namespaces(int hosts) => _hosts = hosts;

    private string Bridge => $"snbr{_network}";

    public string Machine => $"10.231.{_network}.1";

    /// <summary>Makes them; skips the test, with the reason, where that is not allowed.</summary>
    public static Namespaces Create(int hosts)
    {
        var namespaces = new Namespaces(hosts);
        Assert.SkipUnless(TryRun($"link add {namespaces.Bridge} type bridge"), "no network namespaces can be made here");
        try
        {
            Run($"addr add {namespaces.Machine}/24 dev {namespaces.Bridge}");
            Run($"link set {namespaces.Bridge} up");
            for (var host = 0; host < hosts; host++) namespaces.Add(host);
            return namespaces;
        }
        catch
        {
            namespaces.Dispose();
            throw;
        }
    }

    public string Address(int host) => string.Create(CultureInfo.InvariantCulture, $"10.231.{_network}.{host + 2}");

    /// <summary>What to put before a program's command line, to run it on a host.</summary>
    public string[] On(int host) => ["ip", "netns", "exec", Name(host)];

    /// <summary>From now on neither of two hosts reaches the other.</summary>
    public void Cut(int one, int other)
    {
        Run($"-n {Name(one)} route add blackhole {Address(other)}/32");
        Run($"-n {Name(other)} route add blackhole {Address(one)}/32");
    }

    /// <summary>They reach each other again.</summary>
    public void Heal(int one, int other)
    {
        Run($"-n {Name(one)} route del blackhole {Address(other)}/32");
        Run($"-n {Name(other)} route del blackhole {Address(one)}/32");
    }

    public void Dispose()
    {
        for (var host = 0; host < _hosts; host++) TryRun($"netns del {Name(host)}");
        TryRun($"link del {Bridge}");
    }

    private string Name(int host) => $"sn{_network}-{host}";

    private void Add(int host)
    {
        var (name, link) = (Name(host), $"snv{_network}-{host}");
        Run($"netns add {name}");
        Run($"link add {link} type veth peer name eth0 netns {name}");
        Run($"link set {link} master {Bridge} up");
        Run($"-n {name} addr add {Address(host)}/24 dev eth0");
        Run($"-n {name} link set eth0 up");
        Run($"-n {name} link set lo up");
    }

    private static void Run(string arguments)
    {
        if (!TryRun(arguments)) Assert.Fail($"ip {arguments} failed");
    }

    private static bool TryRun(string arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("ip", arguments.Split(' ')) { RedirectStandardError = true })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
