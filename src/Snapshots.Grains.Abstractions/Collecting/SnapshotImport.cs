using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>
/// Stores the members and reports of a snapshot that comes from elsewhere in the parts of a new one: pages of reports as
/// they come, members at the end, and the head of each part last of all.
/// </summary>
internal sealed class SnapshotImport(IGrainFactory grains, string application, SnapshotNumber snapshot, Epoch epoch)
{
    private const int MembersPerPage = 1000;
    private const int ReportsPerPage = 500;
    private const long BytesPerPage = 256 * 1024;

    /// <summary>Pages that are on their way at the same time.</summary>
    private const int PagesAhead = 4;

    private readonly Part[] _parts = [.. Enumerable.Range(0, DirectoryKeys.PartCount).Select(number =>
        new Part(grains.Get<ISnapshotPart>(DirectoryKeys.Part(application, snapshot, number))))];

    private readonly Queue<Task> _underWay = new();

    /// <summary>About what the reports take in the storage, in bytes.</summary>
    public long Bytes { get; private set; }

    public void Add(ProcessId member) => PartOf(member).Members.Add(member);

    public async Task AddAsync(Report report)
    {
        var part = PartOf(report.Process);
        part.Reports.Add((report switch
        {
            LocalReport<StatePayload> local => local with { Snapshot = snapshot, Epoch = epoch },
            ChannelReport<Payload> channel => channel with { Snapshot = snapshot, Epoch = epoch },
            _ => report,
        }).ToWire());
        var bytes = ReportForms.BytesOf(report);
        Bytes += bytes;
        part.Bytes += bytes;
        if (part.Bytes >= BytesPerPage || part.Reports.Count >= ReportsPerPage) await FlushAsync(part);
    }

    public async Task CompleteAsync()
    {
        foreach (var part in _parts.Where(part => part.Reports.Count > 0)) await FlushAsync(part);
        await Task.WhenAll(_underWay);
        foreach (var part in _parts.Where(part => part.Pages > 0 || part.Members.Count > 0))
        {
            ProcessId[][] pages = [.. part.Members.Chunk(MembersPerPage).DefaultIfEmpty([])];
            for (var page = pages.Length - 1; page >= 0; page--) await part.Grain.ImportMembersAsync(epoch, page, pages.Length, pages[page]);
        }
    }

    private async Task FlushAsync(Part part)
    {
        _underWay.Enqueue(part.Grain.ImportReportsAsync(part.Pages++, [.. part.Reports]));
        part.Reports.Clear();
        part.Bytes = 0;
        if (_underWay.Count >= PagesAhead) await _underWay.Dequeue();
    }

    private Part PartOf(ProcessId process) => _parts[DirectoryKeys.Parts.PartOf(process)];

    private sealed class Part(ISnapshotPart grain)
    {
        public ISnapshotPart Grain { get; } = grain;

        public List<ProcessId> Members { get; } = [];

        public List<ReportSurrogate> Reports { get; } = [];

        public long Bytes { get; set; }

        public int Pages { get; set; }
    }
}
