namespace Snapshots.Benchmarks;

/// <summary>Takes the events of one bare stream.</summary>
[Alias("snapshots.benchmarks.stream-sink")]
internal interface IStreamSink : IGrainWithStringKey;
