using System.Text.Encodings.Web;

namespace Snapshots.Diagrams;

/// <summary>
/// Writes a run as ShiViz reads it (https://bestchai.bitbucket.io/shiviz/): a regular expression, an empty line, and
/// two lines per event, with the vector clock (Mattern 1989; Fidge 1988) of the process after it.
/// </summary>
public static class ShiVizLog
{
    private const string Parser = @"(?<host>\S*) (?<clock>{.*})\n(?<event>.*)";

    /// <summary>Returns the log. Equal runs give equal texts on every machine.</summary>
    public static string Write(SpaceTime run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var hosts = run.Processes.Select(process => HostOf(process.Id)).ToList();
        var clocks = hosts.ConvertAll(_ => new SortedDictionary<int, int>());
        var atEvent = new SortedDictionary<int, int>[run.Events.Length];
        var arrivals = run.Frames.Where(frame => frame.Target is not null).ToLookup(frame => frame.Target!.Value);
        var log = new StringBuilder().Append(Parser).Append("\n\n");
        for (var place = 0; place < run.Events.Length; place++)
        {
            var happened = run.Events[place];
            var clock = clocks[happened.Process];
            foreach (var frame in arrivals[place])
            {
                foreach (var (process, count) in atEvent[frame.Source])
                    clock[process] = Math.Max(clock.GetValueOrDefault(process), count);
            }

            clock[happened.Process] = clock.GetValueOrDefault(happened.Process) + 1;
            atEvent[place] = new(clock);
            log.Append(hosts[happened.Process]).Append(" {");
            var separator = string.Empty;
            foreach (var (process, count) in clock)
            {
                log.Append(separator).Append('"').Append(JavaScriptEncoder.Default.Encode(hosts[process])).Append("\":")
                    .Append(count.ToString(CultureInfo.InvariantCulture));
                separator = ",";
            }

            log.Append("}\n").Append(SvgText.Line(happened.Text)).Append('\n');
        }

        return log.ToString();
    }

    /// <summary>A host is one word for ShiViz.</summary>
    private static string HostOf(string id) =>
        string.Concat(id.Select(each => char.IsWhiteSpace(each) || char.IsControl(each) ? '_' : each));
}
