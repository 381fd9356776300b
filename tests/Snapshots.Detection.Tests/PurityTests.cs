using Snapshots.Tests;

namespace Snapshots.Detection.Tests;

/// <summary>Detection is pure: it references the core alone, and nothing of it waits or keeps static state.</summary>
public sealed class PurityTests() : PureAssemblyTests(typeof(CheckResult).Assembly, "Snapshots.Protocol");
