namespace Snapshots.Page;

/// <summary>The applications that the silo hosts. Their list does not change while it runs.</summary>
internal sealed class Applications(IGrainFactory grains)
{
    private string[]? _hosted;

    /// <summary>Their names; the bank, if it is hosted, is the first.</summary>
    public async Task<IReadOnlyList<string>> ListAsync()
    {
        if (_hosted is { } known) return known;
        var hosted = await new SnapshotClient(grains, ArchiveHeader.Bank).ListApplicationsAsync()
            .WaitAsync(TimeSpan.FromSeconds(30));
        return _hosted = [.. hosted.OrderBy(name => name != ArchiveHeader.Bank)];
    }

    /// <summary>The snapshots of an application; of the first one if no name is given.</summary>
    public async Task<SnapshotClient> FindAsync(string name)
    {
        var hosted = await ListAsync();
        if (name.Length == 0 && hosted.Count > 0) return new(grains, hosted[0]);
        return hosted.Contains(name)
            ? new(grains, name)
            : throw ApiException.NotFound(
                $"the silo does not host that application; it hosts {string.Join(", ", hosted)}");
    }
}
