using Snapshots.Tests;

namespace Snapshots.Diagrams.Tests;

/// <summary>Diagrams are pure: they reference nothing, and nothing of them waits or keeps static state.</summary>
public sealed class PurityTests() : PureAssemblyTests(typeof(SpaceTime).Assembly);
