using System.Reflection;
using System.Runtime.CompilerServices;

namespace Snapshots.Tests;

/// <summary>What holds for an assembly that is pure: nothing of it waits or keeps static state.</summary>
/// <param name="assembly">The assembly.</param>
/// <param name="references">What it may reference besides the framework.</param>
public abstract class PureAssemblyTests(Assembly assembly, params string[] references)
{
    private const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance
        | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>Measuring coverage adds a type of its own to the assembly, and a reference for it.</summary>
    private IEnumerable<Type> Types => assembly.GetTypes().Where(type => !IsOfCoverage(type));

    [Fact]
    public void It_references_only_what_it_may_and_the_framework() => Assert.All(
        assembly.GetReferencedAssemblies()
            .Where(reference => reference.Name is not "netstandard" && !references.Contains(reference.Name)),
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
