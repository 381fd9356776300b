namespace Snapshots.Protocol;

/// <summary>One way in which a global state fails its certificate.</summary>
/// <param name="Rule">The rule that is broken.</param>
/// <param name="Subject">The channel or process that breaks it.</param>
/// <param name="Detail">One line with the numbers.</param>
public sealed record Violation(CertificateRule Rule, string Subject, string Detail)
{
    /// <summary><c>noOrphan a->b: 3 delivered, 2 sent</c>.</summary>
    public override string ToString() => $"{char.ToLowerInvariant(Rule.ToString()[0])}{Rule.ToString()[1..]} {Subject}: {Detail}";
}
