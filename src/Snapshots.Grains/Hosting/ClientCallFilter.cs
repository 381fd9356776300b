using System.Collections.Concurrent;
using System.Reflection;

namespace Snapshots.Grains;

/// <summary>
/// Refuses calls that clients make through a gateway to the methods by which silos work together, all but those with
/// <see cref="ForClientsAttribute"/>. Calls of other grains pass.
/// </summary>
/// <remarks>
/// Against mistakes and tools, not against attackers: the gateway does not prove who a client is. That takes TLS.
/// </remarks>
internal sealed class ClientCallFilter : IIncomingGrainCallFilter
{
    private readonly ConcurrentDictionary<MethodInfo, bool> _isForSilos = new();

    public Task Invoke(IIncomingGrainCallContext context)
    {
        if (context.SourceId is { } source && IsRemoteClient(source) && IsForSilos(context.InterfaceMethod))
        {
            throw new UnauthorizedAccessException(
                $"{context.InterfaceMethod.DeclaringType?.Name}.{context.InterfaceMethod.Name} is for silos, not for clients.");
        }

        return context.Invoke();
    }

    /// <summary>The calls that a silo makes outside of its grains come from a client inside of it.</summary>
    private static bool IsRemoteClient(GrainId source) =>
        source.IsClient() && !source.Key.AsSpan().StartsWith("hosted-"u8);

    private bool IsForSilos(MethodInfo method) => _isForSilos.GetOrAdd(
        method,
        static method => (method.DeclaringType?.Assembly == typeof(ISnapshotIndex).Assembly
                || method.DeclaringType?.Assembly == typeof(ClientCallFilter).Assembly)
            && !method.IsDefined(typeof(ForClientsAttribute))
            && !method.DeclaringType.IsDefined(typeof(ForClientsAttribute)));
}
