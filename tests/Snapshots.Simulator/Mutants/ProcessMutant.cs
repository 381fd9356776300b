using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>Makes one kind of process in the place of all.</summary>
internal sealed class ProcessMutant(ProcessMutant.Factory create) : Variant
{
    public delegate HostedProcess Factory(
        ProcessId id, IApplication<LedgerState, LedgerMessage> application, Profile profile, LedgerRecord? record, Instant now);

    public override HostedProcess Create(
        ProcessId id, IApplication<LedgerState, LedgerMessage> application, Profile profile, LedgerRecord? record, Instant now) =>
        create(id, application, profile, record, now);
}
