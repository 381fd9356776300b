using System.Collections.Immutable;

namespace Snapshots.Grains;

/// <summary>Reports that were persisted together. A page is written once: to rewrite a record per report would cost the square.</summary>
[GenerateSerializer]
[Alias("snapshots.stored-reports")]
public sealed class StoredReports
{
    /// <summary>The reports.</summary>
    [Id(0)]
    public ImmutableArray<ReportSurrogate> Reports { get; set; } = [];
}
