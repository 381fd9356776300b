namespace Snapshots.Protocol;

/// <summary>
/// The deletion of all rows of a part, after what is kept of processes at rest for its snapshot alone. The pages of a
/// kind are found by probing, whatever the head says, and cleared
/// from the last one down, and the head at the very end: so a crash in between leaves what the next deletion finds.
/// </summary>
/// <param name="reports">Pages of reports that are known to exist.</param>
/// <param name="members">Pages of members that are known to exist, the head's own among them; at least 1.</param>
internal sealed class PartDeletion(int reports, int members)
{
    private int _reports = reports;
    private int _members = members;
    private bool _knowsReports;
    private bool _knowsMembers;
    private bool _hasDropped;

    /// <summary>The next row to look for or to clear; the head is the last one.</summary>
    public PartWork Next()
    {
        if (!_hasDropped) return new PartWork.Drop();
        if (!_knowsReports) return new PartWork.Probe(PartRow.Reports, _reports);
        if (!_knowsMembers) return new PartWork.Probe(PartRow.Members, _members);
        if (_reports > 0) return new PartWork.Clear(PartRow.Reports, _reports - 1);
        return _members > 1 ? new PartWork.Clear(PartRow.Members, _members - 1) : new PartWork.Clear(PartRow.Head, 0);
    }

    /// <summary>The keepers have dropped what they kept for this snapshot alone.</summary>
    public void Dropped() => _hasDropped = true;

    public void Probed(PartRow row, bool exists)
    {
        if (row == PartRow.Reports) (_reports, _knowsReports) = (exists ? _reports + 1 : _reports, !exists);
        else (_members, _knowsMembers) = (exists ? _members + 1 : _members, !exists);
    }

    public void Cleared(PartRow row)
    {
        if (row == PartRow.Reports) _reports--;
        else if (row == PartRow.Members) _members--;
    }
}
