using System.Runtime.CompilerServices;

namespace Snapshots.Client;

/// <summary>Moves snapshots between a cluster and archives.</summary>
internal static class ArchiveFiles
{
    /// <summary>Writes what the cluster stores of a completed snapshot, with its JSON as a silo renders it.</summary>
    /// <exception cref="ClientException">What is stored does not prove the snapshot, or has no JSON form.</exception>
    public static async Task<CertificateFigures> WriteAsync(
        BankConnection connection, SnapshotView view, Stream output, IProgressBar bar, CancellationToken interrupted)
    {
        try
        {
            return await WriteReportsAsync(connection, view, output, bar, interrupted);
        }
        catch (Exception exception) when (exception is DocumentFormatException or NotSupportedException)
        {
            throw Unfit(view, exception.Message, exception);
        }
    }

    /// <summary>Proves an archive.</summary>
    /// <exception cref="DocumentFormatException">It is damaged, or of another format.</exception>
    public static async Task<(ArchiveHeader Header, SnapshotVerification Verification, CertificateFigures Figures)>
        VerifyAsync(Stream input, CancellationToken interrupted)
    {
        var reader = await ArchiveReader.OpenAsync(input, interrupted);
        var (verification, figures) = await reader.VerifyAsync(interrupted);
        return (reader.Header, verification, figures);
    }

    /// <summary>Proves an archive or a document.</summary>
    /// <exception cref="DocumentFormatException">It is neither, damaged, or of another format.</exception>
    public static async Task<SnapshotVerification> VerifyAnyAsync(Stream input, CancellationToken interrupted) =>
        await IsArchiveAsync(input, interrupted)
            ? (await VerifyAsync(input, interrupted)).Verification
            : await InputFile.ReadAgainAsync(input, SnapshotVerifier.Verify, interrupted);

    /// <summary>
    /// Whether a file begins as an archive does. It is left at its begin; what cannot go back is none.
    /// </summary>
    public static async Task<bool> IsArchiveAsync(Stream input, CancellationToken interrupted)
    {
        if (!input.CanSeek) return false;
        var begin = new byte[32];
        var length = await input.ReadAtLeastAsync(begin, begin.Length, throwOnEndOfStream: false, interrupted);
        input.Position = 0;
        return ArchiveReader.IsArchive(begin.AsSpan(0, length));
    }

    /// <summary>Proves the whole archive; returns the snapshot that it holds, as it was where it was taken.</summary>
    /// <exception cref="ClientException">The archive is not valid, or of another application.</exception>
    public static async Task<SnapshotSummary> ProveAsync(
        string path, string application, CancellationToken interrupted)
    {
        var (header, verification, figures) = await ReadAsync(path, input => VerifyAsync(input, interrupted));
        if (!verification.Valid) throw Refused(path, $"is not valid: {verification.Violations[0]}");
        if (header.Application != application)
            throw Refused(path, $"is of {header.Application}, not of {application}");

        return new SnapshotSummary(
            header.Id,
            header.Number,
            header.Epoch,
            SnapshotStatus.Completed,
            header.Initiator,
            TimeSpan.FromMinutes(1),
            header.StartedAt.ToUnixTimeMilliseconds(),
            header.CompletedAt.ToUnixTimeMilliseconds(),
            (int)figures.ProcessCount,
            (int)figures.ChannelCount,
            (int)figures.MessagesInTransit,
            Reason: string.Empty);
    }

    /// <summary>Stores the snapshot of a proven archive in the cluster, as if it had been taken there.</summary>
    /// <exception cref="ClientException">The archive has changed since it was proven.</exception>
    public static Task<SnapshotSummary> ImportAsync(
        BankConnection connection, string path, SnapshotSummary source, CancellationToken interrupted) =>
        ReadAsync(path, async input =>
        {
            var reader = await ArchiveReader.OpenAsync(input, interrupted);
            if (reader.Header.Id != source.Id || reader.Header.Number != source.Number)
                throw Refused(path, "has changed");
            var content = reader.ReadAsync(interrupted).Select(Stored);
            return await connection.Snapshots.ImportAsync(source, content, interrupted);
        });

    /// <summary>Reads an archive; what is wrong with it is invalid input.</summary>
    public static async Task<T> ReadAsync<T>(string path, Func<Stream, Task<T>> read)
    {
        try
        {
            return await InputFile.ReadAsync(path, read);
        }
        catch (DocumentFormatException exception)
        {
            throw new ClientException(ErrorCode.InvalidInput, $"{path}: {Failures.Line(exception.Message)}", exception);
        }
    }

    private static ClientException Refused(string path, string reason) =>
        new(ErrorCode.InvalidInput, $"{path}: the archive {reason}");

    private static (ProcessId Member, Report? Report) Stored(ArchiveRecord record) =>
        (record.Member, record.Report is { } report ? StoredOf(report) : null);

    private static Report? StoredOf(Report report) => report switch
    {
        LocalReport<ArchivedState> local => new LocalReport<StatePayload>(
            local.Snapshot,
            local.Epoch,
            local.Process,
            new(new Payload(local.State.State), new Payload(local.State.Requests)),
            local.Sent,
            local.Delivered),
        ChannelReport<ArchivedMessage> channel => new ChannelReport<Payload>(
            channel.Snapshot,
            channel.Epoch,
            channel.Process,
            channel.Source,
            channel.DeliveredBefore,
            [.. channel.Messages.Select(message => new Payload(message.Message))]),
        _ => null,
    };

    private static async Task<CertificateFigures> WriteReportsAsync(
        BankConnection connection, SnapshotView view, Stream output, IProgressBar bar, CancellationToken interrupted)
    {
        var (summary, snapshots) = (view.Summary, connection.Snapshots);
        var header = new ArchiveHeader(
            connection.Application,
            summary.Id,
            summary.Number,
            summary.Epoch,
            summary.Initiator,
            summary.StartedAt,
            summary.EndedAt ?? summary.StartedAt);
        var writer = await ArchiveWriter.BeginAsync(output, header, interrupted);
        await foreach (var page in Each(connection, snapshots.ReadMembersAsync(view), interrupted))
            await writer.AddAsync(page, interrupted);
        var done = 0;
        await using var rendered = Each(connection, snapshots.ReadRenderedReportsAsync(view), interrupted)
            .GetAsyncEnumerator(interrupted);
        await foreach (var report in Each(connection, snapshots.ReadReportsAsync(view), interrupted))
        {
            if (!await rendered.MoveNextAsync()) throw Unfit(view, "its reports have changed meanwhile");
            var joined = Join(report, rendered.Current)
                ?? throw Unfit(view, $"a report of {report.Process} is unknown");
            await writer.AddAsync(joined, interrupted);
            if (report is not LocalReport<StatePayload>) continue;
            bar.Report(++done, summary.Processes, $"archive {summary.Id}: {done} processes");
        }

        var figures = await writer.CompleteAsync(interrupted);
        if (figures.ProcessCount != summary.Processes)
            throw Unfit(view, $"{figures.ProcessCount} of {summary.Processes} processes are stored");
        return figures;
    }

    /// <summary>Makes each read of a sequence a call that must end within the timeout.</summary>
    private static async IAsyncEnumerable<T> Each<T>(
        BankConnection connection, IAsyncEnumerable<T> items, [EnumeratorCancellation] CancellationToken interrupted)
    {
        await using var all = items.GetAsyncEnumerator(interrupted);
        while (await connection.CallAsync(_ => all.MoveNextAsync().AsTask(), interrupted)) yield return all.Current;
    }

    private static ClientException Unfit(SnapshotView view, string reason, Exception? cause = null)
    {
        var message = $"the snapshot {view.Summary.Id} cannot be archived: {Failures.Line(reason)}";
        return new(ErrorCode.PropertyViolated, message, cause);
    }

    private static Report? Join(Report stored, Report rendered) => (stored, rendered) switch
    {
        (LocalReport<StatePayload> local, LocalReport<StatePayload> json) when local.Process == json.Process =>
            new LocalReport<ArchivedState>(
                local.Snapshot,
                local.Epoch,
                local.Process,
                new(local.State.State.Bytes, local.State.Requests.Bytes, json.State.State.Bytes),
                local.Sent,
                local.Delivered),
        (ChannelReport<Payload> channel, ChannelReport<Payload> json)
            when channel.Messages.Length == json.Messages.Length => new ChannelReport<ArchivedMessage>(
                channel.Snapshot,
                channel.Epoch,
                channel.Process,
                channel.Source,
                channel.DeliveredBefore,
                [.. channel.Messages.Zip(
                    json.Messages, (message, text) => new ArchivedMessage(message.Bytes, text.Bytes))]),
        _ => null,
    };
}
