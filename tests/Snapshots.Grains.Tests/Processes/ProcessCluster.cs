namespace Snapshots.Grains.Tests;

public sealed class ProcessCluster : LetterCluster;
