namespace Snapshots.Client;

/// <summary><c>--id KEY</c>: the key under which a request can be repeated.</summary>
internal static class KeyOption
{
    /// <summary>Makes the option.</summary>
    public static Option<RequestKey> Create() => Inputs.Option(
        "--id", "KEY", "The request's id; the same id twice is the same request (default: a new id)", Read.Key);

    /// <summary>The key that was given, or a new one.</summary>
    public static RequestKey Get(CommandRun run, Option<RequestKey> option) =>
        run.Get(option) is { Value.Length: > 0 } key ? key : RequestKeys.New(run.Time);
}
