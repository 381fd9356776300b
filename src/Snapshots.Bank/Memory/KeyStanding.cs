namespace Snapshots.Bank;

/// <summary>What an account knows of a key.</summary>
public enum KeyStanding
{
    /// <summary>It was never used.</summary>
    New,

    /// <summary>It was used, and the outcome is remembered.</summary>
    Remembered,

    /// <summary>It may have been used and forgotten.</summary>
    TooOld,

    /// <summary>It is hand-made and new, but the account can take no more of those.</summary>
    HandMadeKeysFull,
}
