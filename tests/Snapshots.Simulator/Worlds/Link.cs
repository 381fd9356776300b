namespace Snapshots.Simulator;

/// <summary>One direction between two parts of a simulated system, as a number.</summary>
internal readonly record struct Link(int Source, int Target)
{
    public const int FirstClient = 32;
    public const int FirstShard = 64;
    public const int Office = 70;
    public const int Waker = 71;
    public const int FirstKeeper = 76;
    public const int FirstCollector = 80;
    public const int FirstPart = 112;
    private const int Ends = 256;

    /// <summary>How many numbers there are.</summary>
    public const int Count = Ends * Ends;

    public int Number => (Source * Ends) + Target;
}
