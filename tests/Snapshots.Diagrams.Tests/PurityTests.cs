using System.Reflection;
using System.Runtime.CompilerServices;

namespace Snapshots.Diagrams.Tests;

/// <summary>Diagrams are pure: they reference nothing, and nothing of them waits or keeps static state.</summary>
public sealed class PurityTests
{
    private const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance
        | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Assembly Diagrams = typeof(SpaceTime).Assembly;

    /// <summary>Measuring coverage adds a type of its own to the assembly, and a reference for it.</summary>
    private static IEnumerable<Type> Types => Diagrams.GetTypes().Where(type => !IsOfCoverage(type));

    [Fact]
    public void Diagrams_reference_only_the_framework() => Assert.All(
        Diagrams.GetReferencedAssemblies()
            .Where(reference => reference.Name is not "netstandard"),
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
