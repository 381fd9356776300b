using System.Reflection;

namespace Snapshots.Grains.Tests;

/// <summary>Stands in for an interface of which a test needs one method.</summary>
public class GrainStub : DispatchProxy
{
    private Func<MethodInfo, object?[], object?> _answer = (_, _) => null;

    /// <summary>Every call is answered by <paramref name="answer"/>.</summary>
    internal static T Create<T>(Func<MethodInfo, object?[], object?> answer)
        where T : class
    {
        var stub = Create<T, GrainStub>();
        ((GrainStub)(object)stub)._answer = answer;
        return stub;
    }

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => _answer(targetMethod!, args ?? []);
}
