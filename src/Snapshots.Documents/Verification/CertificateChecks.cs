namespace Snapshots.Documents;

/// <summary>
/// Holds the certificate that stands in a document against the one that is computed; each difference is one line.
/// </summary>
internal static class CertificateChecks
{
    /// <summary>Balances and money in transit are what came in less what went out.</summary>
    public static IEnumerable<string> CheckConservation(CertificateFigures computed) =>
        computed.Conserved
        ? []
        : [$"conservation: balance {computed.Balance} + in transit {computed.InTransit} is not "
            + $"deposited {computed.Deposited} - withdrawn {computed.Withdrawn}"];

    /// <summary>Every figure is the one that is computed.</summary>
    public static IEnumerable<string> CheckFigures(StatedCertificate stated, CertificateFigures computed)
    {
        if (stated.Consistent != computed.Consistent)
        {
            yield return Differs("consistent", Name(stated.Consistent), Name(computed.Consistent));
        }

        if (!stated.Figures.Violations.SequenceEqual(computed.Violations))
        {
            yield return $"certificate.violations: {stated.Figures.Violations.Length} stand there, "
                + $"which are not the {computed.Violations.Length} computed";
        }

        foreach (var ((name, there), (_, here)) in Numbers(stated.Figures).Zip(Numbers(computed)))
        {
            if (there != here) yield return Differs(name, there, here);
        }

        if (stated.Conserved != computed.Conserved)
        {
            yield return Differs("conserved", Name(stated.Conserved), Name(computed.Conserved));
        }
    }

    /// <summary>The digest is the document's.</summary>
    public static IEnumerable<string> CheckDigest(StatedCertificate stated, string computed) =>
        stated.Digest == computed
        ? []
        : [$"digest: the document has {computed}, its certificate says otherwise"];

    private static IEnumerable<(string Name, Int128 Value)> Numbers(CertificateFigures figures) =>
    [
        ("processCount", figures.ProcessCount),
        ("channelCount", figures.ChannelCount),
        ("markerCount", figures.MarkerCount),
        ("messagesInTransit", figures.MessagesInTransit),
        ("balance", figures.Balance),
        ("inTransit", figures.InTransit),
        ("deposited", figures.Deposited),
        ("withdrawn", figures.Withdrawn),
    ];

    private static string Differs(string name, object stated, object computed) =>
        $"certificate.{name}: {stated} stands there, {computed} computed";

    private static string Name(bool value) => value ? "true" : "false";
}
