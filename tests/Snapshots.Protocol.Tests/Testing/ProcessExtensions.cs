namespace Snapshots.Protocol.Tests;

/// <summary>Short forms for what the tests do to a process.</summary>
internal static class ProcessExtensions
{
    public static void Send(this TestProcess process, ProcessId target, params string[] messages) =>
        process.Apply(new(process.State, [.. messages.Select(message => new Outgoing<string>(target, message))]), Given.Start);

    public static void Receive(this TestProcess process, IEnumerable<Frame<string>> frames)
    {
        foreach (var frame in frames.Where(frame => frame.Channel.Target == process.Id)) process.Receive(frame, Given.Start);
    }

    public static ImmutableArray<Frame<string>> TakeFrames(this TestProcess process) => process.TakeEffects().Frames;

    public static ImmutableArray<Report> TakeReports(this TestProcess process) => process.TakeEffects().Reports;

    public static string Text(this TestProcess process) => Render.Text(process.ToRecord());

    /// <summary>The process as it comes back from its record after a crash.</summary>
    public static TestProcess Restored(
        this TestProcess process, ChannelOpening opening = ChannelOpening.Directed, ProtocolLimits? limits = null, Instant now = default) =>
        new(process.ToRecord(), LogApplication.Instance, opening, limits ?? ProtocolLimits.Default, now);

    /// <summary>
    /// Frames as short text: <c>m1</c> a message by its count, <c>s2@1</c> marker 2 after one message, <c>v3-5</c>
    /// void.
    /// </summary>
    public static string Shape(this IEnumerable<Frame<string>> frames) => string.Join(' ', frames.Select(frame => frame.Content switch
    {
        MessageContent<string> message => $"m{message.Number}",
        MarkerContent<string> marker => $"s{marker.Snapshot}@{marker.SentBefore}",
        _ => $"v{frame.First}-{frame.Last}",
    }));

    public static string Numbers(this IEnumerable<Frame<string>> frames) => string.Join(' ', frames.Select(frame => frame.First));
}
