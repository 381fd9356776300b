using System.Reflection;
using System.Runtime.CompilerServices;

namespace Snapshots.Detection.Tests;

/// <summary>Detection is pure: it references the core alone, and nothing of it waits or keeps static state.</summary>
public sealed class PurityTests
{
    private const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance
        | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Assembly Detection = typeof(CheckResult).Assembly;

    /// <summary>Measuring coverage adds a type of its own to the assembly, and a reference for it.</summary>
    private static IEnumerable<Type> Types => Detection.GetTypes().Where(type => !IsOfCoverage(type));

    [Fact]
    public void Detection_references_only_the_core_and_the_framework() => Assert.All(
        Detection.GetReferencedAssemblies()
            .Where(reference => reference.Name is not ("Snapshots.Protocol" or "netstandard")),
        reference =>
        {
            Assert.StartsWith("System.", reference.Name, StringComparison.Ordinal);
            Assert.False(reference.Name is "System.Threading" or "System.Console" or "System.Net.Http", reference.Name);
        });

    [Fact]
    public void No_static_field_can_change() => Assert.All(
        Types.Where(type => !type.IsDefined(typeof(CompilerGeneratedAttribute)))
            .SelectMany(type => type.GetFields(All)),
        field => Assert.True(
            !field.IsStatic || field.IsInitOnly || field.IsLiteral, $"{field.DeclaringType}.{field.Name}"));

    [Fact]
    public void No_member_is_asynchronous() => Assert.All(
        Types.SelectMany(type => type.GetMethods(All)),
        method => Assert.False(
            method.ReturnType.Namespace?.StartsWith("System.Threading", StringComparison.Ordinal) == true,
            $"{method.DeclaringType}.{method.Name}"));

    private static bool IsOfCoverage(Type type) =>
        type.FullName?.StartsWith("Microsoft.CodeCoverage.", StringComparison.Ordinal) == true;
}
