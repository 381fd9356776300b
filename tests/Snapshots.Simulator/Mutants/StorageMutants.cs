using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>A damaged journal is read as if nothing had ever been stored.</summary>
internal sealed class ReadsDamageAsEmptiness : Variant
{
    public ReadsDamageAsEmptiness() => TakesDamageForNewcomer = true;

    public override (LedgerRecord? Record, string? Damage) Read(JournalRow journal) => (journal.Read().Record, null);
}

/// <summary>What is left of a journal before a lost part is taken for all of it.</summary>
internal sealed class SkipsLostPart : Variant
{
    public override (LedgerRecord? Record, string? Damage) Read(JournalRow journal) =>
        journal.SkipLostPart() is { } record ? (record, null) : journal.Read();
}

/// <summary>Nothing notices a flipped bit.</summary>
internal sealed class TakesFlippedBit : Variant
{
    public override (LedgerRecord? Record, string? Damage) Read(JournalRow journal) =>
        journal.TakeFlippedBit() is { } record ? (record, null) : journal.Read();
}

/// <summary>A process closes for a restore without a word that it is damaged.</summary>
internal sealed class ForgetsDamage(
    ProcessId id, IApplication<LedgerState, LedgerMessage> application, Profile profile, LedgerRecord? record, Instant now)
    : HostedProcess(id, application, profile, record, now)
{
    public override bool Obey(Gate gate, string? damage) => base.Obey(gate, damage: null);
}
