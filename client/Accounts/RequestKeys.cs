using System.Buffers.Binary;
using System.CommandLine;
using System.Security.Cryptography;
using Snapshots.Bank;

namespace Snapshots.Client;

/// <summary>The keys under which requests can be repeated.</summary>
internal static class RequestKeys
{
    /// <summary><c>--id KEY</c>.</summary>
    public static Option<RequestKey> Option() => Inputs.Option(
        "--id", "KEY", "The request's id: the same id twice is the same request (default: one is made up)", Read.Key);

    /// <summary>The key that was given, or a new one.</summary>
    public static RequestKey Get(CommandRun run, Option<RequestKey> option) =>
        run.Get(option) is { Value.Length: > 0 } key ? key : Create(run.Time);

    /// <summary>A new timed key.</summary>
    public static RequestKey Create(TimeProvider time)
    {
        Span<byte> random = stackalloc byte[sizeof(ulong)];
        RandomNumberGenerator.Fill(random);
        return RequestKey.Create(time.GetUtcNow(), BinaryPrimitives.ReadUInt64LittleEndian(random));
    }
}
