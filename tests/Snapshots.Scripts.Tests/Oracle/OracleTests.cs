using System.Globalization;
using System.Text;

namespace Snapshots.Scripts.Tests;

/// <summary>
/// The core against the oracle, on random scripts. To repeat one: <c>SNAPSHOTS_ORACLE_SEED=N</c> runs that seed
/// alone.
/// </summary>
public sealed class OracleTests
{
    private const int Scripts = 3_000;

    [Fact]
    public async Task The_core_and_the_oracle_agree_on_random_scripts()
    {
        var only = Environment.GetEnvironmentVariable("SNAPSHOTS_ORACLE_SEED");
        var seeds = only is null ? Enumerable.Range(1, Scripts) : [int.Parse(only, CultureInfo.InvariantCulture)];
        var seen = new OracleSightings();
        var expectations = 0;
        foreach (var seed in seeds)
        {
            var script = new RandomScript(seed);
            await CompareAsync(seed, script);
            seen.Add(script.Oracle.Seen);
            expectations += script.Expectations;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{seen}, {expectations} expectations");
        if (only is not null) return;
        Assert.True(seen.NonEmptyChannels >= Scripts, $"non-empty channels: {seen.NonEmptyChannels}");
        Assert.True(seen.OverlappingSnapshots >= Scripts / 4, $"overlapping snapshots: {seen.OverlappingSnapshots}");
        Assert.True(seen.ChannelsOpenedInside >= Scripts / 4, $"channels opened inside: {seen.ChannelsOpenedInside}");
        Assert.True(seen.SeveralInitiators >= Scripts / 4, $"several initiators: {seen.SeveralInitiators}");
        Assert.True(seen.LateMarkers >= Scripts / 4, $"late markers: {seen.LateMarkers}");
        Assert.True(seen.DrawnIn >= Scripts / 100, $"processes drawn in: {seen.DrawnIn}");
        Assert.True(seen.Completed >= Scripts / 4, $"completed: {seen.Completed}");
        Assert.True(expectations >= Scripts, $"expectations: {expectations}");
        Assert.True(seen.Running >= Scripts / 4, $"running: {seen.Running}");
    }

    private static async Task CompareAsync(int seed, RandomScript script)
    {
        var expected = Describe(script.Oracle);
        string actual;
        try
        {
            actual = Describe(await Replay.OnCoreAsync(script.Text));
        }
#pragma warning disable CA1031 // Whatever it is, the seed and the script must be told.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            actual = exception.ToString();
        }

        if (actual != expected) Assert.Fail($"seed {seed}\n{script.Text}\n-- oracle\n{expected}\n-- core\n{actual}");
    }

    private static string Describe(Oracle oracle)
    {
        var text = new StringBuilder();
        foreach (var snapshot in oracle.Snapshots.OrderBy(each => each.Id, StringComparer.Ordinal))
        {
            var missing = snapshot.Members.Where(member => !snapshot.States.ContainsKey(member)).ToList();
            var recorded = snapshot.Members.Count - missing.Count;
            text.Append(Header(snapshot.Id, snapshot.Number, snapshot.Initiator, recorded, snapshot.Members.Count));
            if (missing.Count > 0) text.Append(Waiting(missing));
            if (snapshot.HasEnded) oracle.Seen.Completed++;
            else oracle.Seen.Running++;
            if (!snapshot.HasEnded) continue;
            oracle.Seen.DrawnIn += snapshot.MembersAtStart < snapshot.Members.Count ? 1 : 0;
            foreach (var member in snapshot.Members) text.Append(Process(member, snapshot.States[member]));
            foreach (var channel in oracle.Channels.Keys)
            {
                var (source, target) = channel;
                if (!snapshot.Members.Contains(source) || !snapshot.Members.Contains(target)) continue;
                var messages = snapshot.Messages.GetValueOrDefault(channel, []);
                if (messages.Count > 0) oracle.Seen.NonEmptyChannels++;
                text.Append(Channel(
                    $"{source}->{target}", snapshot.SentOn(channel), snapshot.DeliveredOn(channel), messages));
            }
        }

        foreach (var (process, tokens) in oracle.Tokens) text.Append(Process(process, tokens));
        return text.ToString();
    }

    private static string Describe(ReplayResult<TokenState, TokenMessage> result)
    {
        var text = new StringBuilder();
        foreach (var snapshot in result.Snapshots)
        {
            var progress = snapshot.Progress;
            text.Append(Header(
                snapshot.Id.Value,
                snapshot.Number.Value,
                snapshot.Initiator.Value,
                progress.ProcessesRecorded,
                progress.ProcessesExpected));
            if (progress.ProcessesRecorded < progress.ProcessesExpected)
            {
                text.Append(Waiting(progress.WaitingFor));
            }

            if (snapshot.State is not { } state) continue;
            foreach (var process in state.Processes) text.Append(Process(process.Id.Value, process.State.Tokens));
            foreach (var channel in state.Channels)
            {
                var messages = channel.Messages.Select(numbered => numbered.Message.Amount);
                text.Append(Channel(channel.Channel.ToString(), channel.Sent.Value, channel.Delivered.Value, messages));
            }
        }

        foreach (var failure in result.Failures) text.Append(failure).Append('\n');
        foreach (var process in result.Final) text.Append(Process(process.Id.Value, process.State.Tokens));
        return text.ToString();
    }

    private static string Header(string id, long number, string initiator, int recorded, int expected) =>
        $"snapshot {id} number {number} by {initiator}: {recorded} of {expected}\n";

    private static string Waiting(IEnumerable<string> processes) => $"waiting for {string.Join(' ', processes)}\n";

    private static string Process(string process, long tokens) => $"{process} {tokens}\n";

    private static string Channel(string channel, long sent, long delivered, IEnumerable<long> messages) =>
        $"{channel} {sent} {delivered}: {string.Join(' ', messages)}\n";
}
