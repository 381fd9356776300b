using System.Collections.Immutable;
using Orleans.Serialization;
using Snapshots.Detection;
using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <content>Reading what is stored of a snapshot. Each read of a global state proves its certificate again.</content>
public sealed partial class SnapshotClient
{
    /// <summary>
    /// Reads the global state of a completed snapshot, out of its reports: so its certificate is proven again by this
    /// very read.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// The snapshot is not completed, or what was read does not prove its certificate; the message says what is
    /// missing.
    /// </exception>
    public async Task<GlobalState<TState, TMessage>> ReadAsync<TState, TMessage>(
        SnapshotView view, Serializer<TState> states, Serializer<TMessage> messages)
    {
        ArgumentNullException.ThrowIfNull(states);
        ArgumentNullException.ThrowIfNull(messages);
        ArgumentNullException.ThrowIfNull(view);
        var stored = await AssembleAsync(view.Summary);
        return Map(stored, state => states.Deserialize(state.Bytes)!, message => messages.Deserialize(message.Bytes)!);
    }

    /// <summary>
    /// Proves the certificate of a completed snapshot again, and shows each report as it is stored, one after the other.
    /// In memory are the counts of all processes, and the content of a page.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// The snapshot is not completed, or what was read does not prove its certificate.
    /// </exception>
    public async Task ProveAsync(SnapshotSummary summary, Action<Report> look)
    {
        ArgumentNullException.ThrowIfNull(summary);
        ArgumentNullException.ThrowIfNull(look);
        await AssembleAsync(summary, look: report =>
        {
            look(report);
            return WithoutContent(report);
        });
    }

    /// <summary>
    /// Reads a completed snapshot piece by piece, for a state larger than memory: each process, and each channel with
    /// messages in transit, is handed over once, in no order. Nothing is proven until the task has completed.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// The snapshot is not completed, or what was read does not prove its certificate.
    /// </exception>
    public async Task ReadAsync<TState, TMessage>(
        SnapshotView view,
        Serializer<TState> states,
        Serializer<TMessage> messages,
        Action<ProcessState<TState>> takeProcess,
        Action<ChannelState<TMessage>> takeChannel)
    {
        ArgumentNullException.ThrowIfNull(states);
        ArgumentNullException.ThrowIfNull(messages);
        ArgumentNullException.ThrowIfNull(takeProcess);
        ArgumentNullException.ThrowIfNull(takeChannel);
        var (seen, later) = (new HashSet<ChannelId>(), new List<Report>());
        ArgumentNullException.ThrowIfNull(view);
        RequireCompleted(view.Summary);
        var pages = PagesOf(view.Summary);
        var members = await pages.ReadAwakeMembersAsync();
        var assembly = new GlobalStateAssembly<StatePayload, Payload>(members);
        await foreach (var report in pages.ReadReportsAsync(takeAtRest: process => members.Add(process)))
        {
            if (seen.Add(PlaceOf(report)) && !TryHandOver(report)) later.Add(report);
            assembly.Add(WithoutContent(report));
        }

        var state = await ProveAsync(view.Summary, assembly);

        // A process that registered while the snapshot was taken may have reported and be no member.
        members = [.. state.Processes.Select(process => process.Id)];
        foreach (var report in later) TryHandOver(report);

        bool TryHandOver(Report report)
        {
            if (report is LocalReport<StatePayload> local && members.Contains(local.Process))
            {
                takeProcess(new(local.Process, states.Deserialize(local.State.State.Bytes)!));
                return true;
            }

            if (report is not ChannelReport<Payload> channel) return report is not LocalReport<StatePayload>;
            if (!members.Contains(channel.Source) || !members.Contains(channel.Process)) return channel.Messages.IsEmpty;
            if (channel.Messages.IsEmpty) return true;
            var first = channel.DeliveredBefore.Value + 1;
            takeChannel(new(
                new(channel.Source, channel.Process),
                new(channel.DeliveredBefore.Value + channel.Messages.Length),
                channel.DeliveredBefore,
                [.. channel.Messages.Select((message, index) =>
                    new NumberedMessage<TMessage>(new(first + index), messages.Deserialize(message.Bytes)!))]));
            return true;
        }
    }

    /// <summary>As the overload with serializers, with the client's own.</summary>
    /// <exception cref="InvalidOperationException">
    /// The client has no serializer, the snapshot is not completed, or what was read does not prove its certificate.
    /// </exception>
    public Task<GlobalState<TState, TMessage>> ReadAsync<TState, TMessage>(SnapshotView view) => serializer is null
        ? throw new InvalidOperationException("the client was made without a serializer: use AddSnapshotClient")
        : ReadAsync(view, serializer.GetSerializer<TState>(), serializer.GetSerializer<TMessage>());

    /// <summary>
    /// Reads the global state of a completed snapshot as JSON, without knowing a type of the application: a silo renders
    /// it, page by page. A state is one JSON value in UTF-8, a message one JSON object without its number.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// The snapshot is not completed, or what was read does not prove its certificate.
    /// </exception>
    /// <exception cref="NotSupportedException">Something has no JSON form; the message says what.</exception>
    /// <param name="view">The snapshot.</param>
    /// <param name="takeFlight">
    /// Gets the last events of each process that has a flight recorder; more than once where a report is stored twice.
    /// </param>
    public async Task<GlobalState<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>> ReadRenderedAsync(
        SnapshotView view, Action<ProcessId, ImmutableArray<FlightEvent>>? takeFlight = null)
    {
        ArgumentNullException.ThrowIfNull(view);
        var stored = await AssembleAsync(view.Summary, Reader, report =>
        {
            if (takeFlight is not null && report is LocalReport<StatePayload> { State.Flight: { IsDefaultOrEmpty: false } flight })
                takeFlight(report.Process, flight);
            return report;
        });
        return Map(stored, state => state.Bytes, message => message.Bytes);
    }

    /// <summary>
    /// Runs the checks that the application declares, in a silo, on a completed snapshot; all if no name is given. The
    /// results are in ordinal order of their names.
    /// </summary>
    /// <exception cref="KeyNotFoundException">The application declares no check of a name.</exception>
    /// <exception cref="InvalidOperationException">
    /// The snapshot is not completed, or what is stored does not prove its certificate.
    /// </exception>
    public async Task<IReadOnlyList<CheckResult>> CheckAsync(SnapshotView view, params string[] names) =>
        await Reader.CheckAsync(view, names);

    /// <summary>The members of a snapshot that the directory knew, page by page, in no order.</summary>
    public IAsyncEnumerable<ProcessId[]> ReadMembersAsync(SnapshotView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        return PagesOf(view.Summary).ReadMembersAsync();
    }

    /// <summary>The reports that have come of a snapshot, in no order; of one that runs, those so far.</summary>
    public IAsyncEnumerable<Report> ReadReportsAsync(SnapshotView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        return PagesOf(view.Summary).ReadReportsAsync();
    }

    /// <summary>
    /// The reports of a snapshot in the order of <see cref="ReadReportsAsync(SnapshotView)"/>, each state and message rendered as JSON
    /// in UTF-8, and without the memory of request keys.
    /// </summary>
    /// <exception cref="NotSupportedException">Something has no JSON form; the message says what.</exception>
    public IAsyncEnumerable<Report> ReadRenderedReportsAsync(SnapshotView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        return PagesOf(view.Summary).ReadReportsAsync(Reader);
    }

    private static GlobalState<TState, TMessage> Map<TState, TMessage>(
        GlobalState<StatePayload, Payload> stored, Func<Payload, TState> state, Func<Payload, TMessage> message) => new(
        [.. stored.Processes.Select(process => new ProcessState<TState>(process.Id, state(process.State.State)))],
        [.. stored.Channels.Select(channel => new ChannelState<TMessage>(
            channel.Channel,
            channel.Sent,
            channel.Delivered,
            [.. channel.Messages.Select(each => new NumberedMessage<TMessage>(each.Number, message(each.Message)))]))]);

    private static ChannelId PlaceOf(Report report) =>
        new(report is ChannelReport<Payload> channel ? channel.Source : report.Process, report.Process);

    /// <summary>A report with its counts alone, which prove the certificate.</summary>
    private static Report WithoutContent(Report report) => report switch
    {
        LocalReport<StatePayload> local => local with { State = default },
        ChannelReport<Payload> channel => channel with { Messages = [.. new Payload[channel.Messages.Length]] },
        _ => report,
    };

    private static void RequireCompleted(SnapshotSummary summary)
    {
        if (summary.Status != SnapshotStatus.Completed) throw new InvalidOperationException($"snapshot {summary.Id} is not completed");
    }

    /// <summary>Reads members and reports at the same time, puts them together and proves the certificate.</summary>
    /// <param name="summary">The snapshot.</param>
    /// <param name="renderer">Renders states and messages as JSON; none for them as they are stored.</param>
    /// <param name="look">Sees each report, and says what is kept of it in memory.</param>
    private async Task<GlobalState<StatePayload, Payload>> AssembleAsync(
        SnapshotSummary summary, ISnapshotReader? renderer = null, Func<Report, Report>? look = null)
    {
        RequireCompleted(summary);
        var pages = PagesOf(summary);
        var awake = pages.ReadAwakeMembersAsync();
        awake.Ignore(); // Until it is awaited.
        var members = new HashSet<ProcessId>();
        var assembly = new GlobalStateAssembly<StatePayload, Payload>(members);
        await foreach (var report in pages.ReadReportsAsync(renderer, process => members.Add(process)))
            assembly.Add(look is null ? report : look(report));
        members.UnionWith(await awake);
        return await ProveAsync(summary, assembly);
    }

    private static async Task<GlobalState<StatePayload, Payload>> ProveAsync(
        SnapshotSummary summary, GlobalStateAssembly<StatePayload, Payload> assembly)
    {
        // For a large state this takes more than a second: too long for a turn of a grain that reads.
        var ((state, missing), violations) = await Task.Run(() =>
        {
            var assembled = assembly.Assemble();
            return (assembled, Certificate.Check(assembled.State));
        });
        if (!violations.IsEmpty)
        {
            throw new InvalidOperationException(
                $"what is kept of snapshot {summary.Id} does not prove it: {violations[0]}");
        }

        // Nothing at all proves itself: rows that were deleted meanwhile would read as an empty state.
        if (!missing.IsEmpty || state.Processes.Length != summary.Processes)
        {
            throw new InvalidOperationException(
                $"what is kept of snapshot {summary.Id} is not all: {state.Processes.Length} of {summary.Processes} "
                + $"processes; without {string.Join(", ", missing.Take(CollectionProgress.MaxWaitingFor))}");
        }

        return state;
    }
}
