using System.Reflection;
using System.Runtime.CompilerServices;

namespace Snapshots.Protocol.Tests;

/// <summary>The core is a state machine: nothing in it waits, keeps static state or knows the world outside.</summary>
public sealed class PurityTests
{
    private const BindingFlags All =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Assembly Core = typeof(Frame<>).Assembly;

    /// <summary>Measuring coverage adds a type of its own to the assembly, and a reference for it.</summary>
    private static bool IsInstrumented => Core.GetTypes().Any(IsOfCoverage);

    private static IEnumerable<Type> CoreTypes => Core.GetTypes().Where(type => !IsOfCoverage(type));

    [Fact]
    public void The_core_references_only_assemblies_of_the_framework() => Assert.All(
        Core.GetReferencedAssemblies().Where(reference => !IsInstrumented || reference.Name != "netstandard"),
        reference => Assert.StartsWith("System.", reference.Name, StringComparison.Ordinal));

    [Fact]
    public void The_core_references_neither_threads_nor_input_and_output() => Assert.DoesNotContain(
        Core.GetReferencedAssemblies().Where(_ => !IsInstrumented),
        reference => reference.Name is "System.Threading" or "System.Console" or "System.Net.Http" or "System.Net.Sockets"
            or "System.Diagnostics.Process" or "System.Threading.Channels" or "System.IO.Pipes" or "System.Data.Common");

    [Fact]
    public void The_core_has_no_mutable_static_fields()
    {
        var fields = CoreTypes
            .Where(type => !IsGenerated(type))
            .SelectMany(type => type.GetFields(All))
            .Where(field => field.IsStatic)
            .ToList();
        Assert.NotEmpty(fields); // ProtocolLimits.Default and SnapshotAnnouncement.None, which are immutable.
        Assert.All(fields, field => Assert.True(field.IsInitOnly || field.IsLiteral, $"{field.DeclaringType}.{field.Name} can change"));
    }

    [Fact]
    public void No_static_field_holds_something_that_can_change() => Assert.All(
        CoreTypes.Where(type => !IsGenerated(type) && !type.IsEnum).SelectMany(type => type.GetFields(All)).Where(field => field.IsStatic),
        field => Assert.True(
            field.IsLiteral || IsImmutable(field.FieldType), $"{field.DeclaringType}.{field.Name} is a {field.FieldType}, which can change"));

    [Fact]
    public void The_core_has_no_asynchronous_members() => Assert.All(
        CoreTypes.SelectMany(type => type.GetMethods(All)),
        method =>
        {
            Assert.False(IsAsynchronous(method.ReturnType), $"{method.DeclaringType}.{method.Name} returns {method.ReturnType}");
            Assert.DoesNotContain(method.GetParameters(), parameter => IsAsynchronous(parameter.ParameterType));
        });

    [Fact]
    public void The_core_has_no_events_and_takes_no_callbacks() => Assert.All(
        CoreTypes.Where(type => type.IsVisible),
        type =>
        {
            Assert.Empty(type.GetEvents(All));
            Assert.All(type.GetMethods(All).Where(method => method.IsPublic), method =>
                Assert.DoesNotContain(method.GetParameters(), parameter => parameter.ParameterType.IsSubclassOf(typeof(Delegate))));
        });

    private static bool IsOfCoverage(Type type) => type.FullName?.StartsWith("Microsoft.CodeCoverage.", StringComparison.Ordinal) == true;

    private static bool IsGenerated(Type type) =>
        type.IsDefined(typeof(CompilerGeneratedAttribute)) || (type.DeclaringType is { } outer && IsGenerated(outer));

    /// <summary>
    /// Whether nothing that can be reached from a value can change: fields are set once, and hold such values.
    /// </summary>
    private static bool IsImmutable(Type type) =>
        type.IsPrimitive
        || type.IsEnum
        || type == typeof(string)
        || type == typeof(TimeSpan)
        || (Nullable.GetUnderlyingType(type) is { } underlying && IsImmutable(underlying))
        || type == typeof(RequestMemory) // It shares room with its descendants, and grows there only.
        || (type.Namespace == typeof(ImmutableArray).Namespace && type.Name.StartsWith("Immutable", StringComparison.Ordinal))
        || (type.Assembly == Core && type.GetFields(All).Where(field => !field.IsStatic).All(field =>
            field.IsInitOnly && (field.FieldType == type || IsImmutable(field.FieldType))));

    private static bool IsAsynchronous(Type type) =>
        type.Namespace?.StartsWith("System.Threading", StringComparison.Ordinal) == true
        || type.GetInterfaces().Append(type).Any(each => each.FullName?.StartsWith("System.Collections.Generic.IAsync", StringComparison.Ordinal) == true);
}
