using System.Net;
using System.Text.RegularExpressions;

namespace Snapshots.Silo.Tests;

/// <summary>What the silo's one line on stdout says.</summary>
internal sealed partial record SiloReady(IPEndPoint Gateway, IPEndPoint Http)
{
    public static SiloReady Parse(string line)
    {
        var match = Line().Match(line);
        Assert.True(match.Success, $"not the line of a silo that is ready: {line}");
        return new SiloReady(IPEndPoint.Parse(match.Groups[1].Value), IPEndPoint.Parse(match.Groups[2].Value));
    }

    [GeneratedRegex(@"^silo ready gateway=(\S+:[0-9]+) http=(\S+:[0-9]+) storage=(sqlite|redis)$")]
    private static partial Regex Line();
}
