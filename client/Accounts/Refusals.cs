using Snapshots.Bank;

namespace Snapshots.Client;

/// <summary>The bank's refusals as failures.</summary>
internal static class Refusals
{
    public static ErrorCode CodeOf(RefusalReason reason) => reason switch
    {
        RefusalReason.InsufficientFunds => ErrorCode.InsufficientFunds,
        RefusalReason.NotOpen => ErrorCode.NotOpen,
        RefusalReason.AlreadyOpen => ErrorCode.AlreadyOpen,
        RefusalReason.Overflow => ErrorCode.Overflow,
        RefusalReason.KeyTooOld => ErrorCode.KeyTooOld,
        RefusalReason.KeyReused => ErrorCode.InvalidInput,
        _ => ErrorCode.Unexpected,
    };
}
