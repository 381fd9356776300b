using Snapshots.Protocol;

namespace Snapshots.Simulator.Tests.Search;

/// <summary>Processes that take no acknowledgement: what they sent goes out for ever.</summary>
internal sealed class NeverAcknowledged : Variant
{
    public override HostedProcess Create(
        ProcessId id, IApplication<LedgerState, LedgerMessage> application, Profile profile, LedgerRecord? record, Instant now) =>
        new Deaf(id, application, profile, record, now);

    private sealed class Deaf(
        ProcessId id, IApplication<LedgerState, LedgerMessage> application, Profile profile, LedgerRecord? record, Instant now)
        : HostedProcess(id, application, profile, record, now)
    {
        public override void Receive(Acknowledgement acknowledgement, Instant now)
        {
        }
    }
}
