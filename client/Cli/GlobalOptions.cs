using System.Net;
using Snapshots.Bank.Hosting;

namespace Snapshots.Client;

/// <summary>The options that every command has.</summary>
internal sealed class GlobalOptions
{
    /// <summary>The option that <see cref="FailureReport"/> looks for, even when the arguments do not parse.</summary>
    public const string VerboseName = "--verbose";

    private const string GatewayVariable = "SNAPSHOTS_GATEWAY";
    private const string RedisVariable = "SNAPSHOTS_REDIS";
    private const string NoColorVariable = "NO_COLOR";
    private const string DefaultGateway = "127.0.0.1:30000";
    private const string DefaultData = "data";
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(30);

    private readonly Option<DnsEndPoint?> _gateway = Inputs.Option<DnsEndPoint?>(
        "--gateway",
        "HOST:PORT",
        $"The cluster's gateway (default {DefaultGateway}, or {GatewayVariable})",
        Read.Gateway);

    private readonly Option<RedisAddress?> _redis = Inputs.Option<RedisAddress?>(
        "--redis", "CONNECTION", $"The Redis that holds the cluster's membership (or {RedisVariable})", Read.Redis);

    private readonly Option<RedisAddress?> _redisFile = Inputs.Option<RedisAddress?>(
        "--redis-file", "FILE", "A file with the connection of --redis", Read.RedisFile);

    private readonly Option<string?> _tlsCertificate = Inputs.Option<string?>(
        "--tls-certificate", "FILE", "Mutual TLS to the cluster: the client's certificate (PEM)", Read.Path);

    private readonly Option<string?> _tlsKey = Inputs.Option<string?>(
        "--tls-key", "FILE", "The private key of the certificate (PEM)", Read.Path);

    private readonly Option<string?> _tlsAuthority = Inputs.Option<string?>(
        "--tls-ca", "FILE", "The authorities that sign the silos' certificates (PEM)", Read.Path);

    private readonly Option<string?> _clusterId = Inputs.Option<string?>(
        "--cluster-id", "ID", "The cluster's id (default snapshots)", Name);

    private readonly Option<string?> _serviceId = Inputs.Option<string?>(
        "--service-id", "ID", "The service's id (default bank)", Name);

    private readonly Option<bool> _embedded = Inputs.Flag(
        "--embedded", "Host a silo in this process, on the data directory");

    private readonly Option<string?> _data = Inputs.Option<string?>(
        "--data", "DIR", $"The data directory of --embedded (default {DefaultData})", Read.Path);

    private readonly Option<OutputFormat> _output = Inputs.Option(
        "--output", "table|json|jsonl", "The output format (default table)", OutputFormats.Read);

    private readonly Option<TimeSpan?> _timeout = Inputs.Option<TimeSpan?>(
        "--timeout",
        "SECONDS",
        "The longest wait for an answer, or for a snapshot (default 30)",
        text => Read.Seconds(text));

    private readonly Option<string?> _application = Inputs.Option<string?>(
        "--application", "NAME", "The application whose snapshots are meant (default bank)", Read.Id);

    private readonly Option<bool> _noColor = Inputs.Flag("--no-color", $"Print without colours (or {NoColorVariable})");

    private readonly Option<bool> _verbose = Inputs.Flag(VerboseName, "Print logs and stack traces to stderr");

    public GlobalOptions()
    {
        _output.Aliases.Add("-o");
        _output.CompletionSources.Add([.. OutputFormats.Names]);
    }

    /// <summary>Adds the options to the root, for all commands below it.</summary>
    public void AddTo(RootCommand root)
    {
        Option[] options =
        [
            _gateway, _redis, _redisFile, _clusterId, _serviceId, _tlsCertificate, _tlsKey, _tlsAuthority,
            _embedded, _data, _application, _output, _timeout, _noColor, _verbose,
        ];
        foreach (var option in options)
        {
            option.Recursive = true;
            root.Options.Add(option);
        }
    }

    /// <summary>How long a call, or a whole wait, may take.</summary>
    public TimeSpan Timeout(ParseResult parsed) => parsed.GetValue(_timeout) ?? DefaultTimeout;

    /// <summary>The application whose snapshots are meant.</summary>
    public string Application(ParseResult parsed) => parsed.GetValue(_application) ?? BankApplication.Name;

    /// <summary>Where the result goes, and how.</summary>
    public Terminal Terminal(ParseResult parsed, ClientEnvironment environment)
    {
        var useColor = !parsed.GetValue(_noColor) && string.IsNullOrEmpty(environment.Variable(NoColorVariable));
        var format = parsed.GetValue(_output);
        if (format == OutputFormat.Csv && parsed.CommandResult.Command is not QueryCommand)
        {
            var names = string.Join(", ", OutputFormats.Names);
            throw new ClientException(ErrorCode.InvalidInput, $"--output: only a query prints csv; here it is {names}");
        }

        return new(environment, format, useColor);
    }

    /// <summary>Returns which cluster to connect to, and how.</summary>
    /// <exception cref="ClientException">
    /// The options contradict each other, or the environment names no cluster.
    /// </exception>
    public ConnectionSettings Connection(ParseResult parsed, ClientEnvironment environment)
    {
        Option[] clusters = [_gateway, _redis, _redisFile, _embedded];
        var named = clusters.Where(option => parsed.GetResult(option) is { Implicit: false }).ToList();
        if (named.Count > 1)
            throw new ClientException(ErrorCode.Usage, $"{named[^1].Name} and {named[0].Name} cannot be combined");

        var isEmbedded = parsed.GetValue(_embedded);
        if (!isEmbedded && parsed.GetValue(_data) is not null)
            throw new ClientException(ErrorCode.Usage, "--data needs --embedded");

        var (gateway, redis) = (parsed.GetValue(_gateway), parsed.GetValue(_redis) ?? parsed.GetValue(_redisFile));
        if (named.Count == 0)
        {
            redis = FromVariable(environment, RedisVariable, Read.Redis);
            if (redis is null)
                gateway = FromVariable(environment, GatewayVariable, Read.Gateway) ?? Read.Gateway(DefaultGateway);
        }

        return new ConnectionSettings(
            gateway,
            redis,
            parsed.GetValue(_data) ?? DefaultData,
            parsed.GetValue(_clusterId) ?? "snapshots",
            parsed.GetValue(_serviceId) ?? "bank",
            Timeout(parsed),
            parsed.GetValue(_verbose),
            Application(parsed))
        {
            Tls = Tls(parsed, isEmbedded),
        };
    }

    private Tls? Tls(ParseResult parsed, bool isEmbedded)
    {
        Option<string?>[] options = [_tlsCertificate, _tlsKey, _tlsAuthority];
        var files = Array.ConvertAll(options, parsed.GetValue);
        if (Array.TrueForAll(files, file => file is null)) return null;
        if (isEmbedded)
            throw new ClientException(ErrorCode.Usage, "an embedded silo takes no connections: it has no TLS options");
        var missing = Array.FindIndex(files, file => file is null);
        if (missing >= 0) throw new ClientException(ErrorCode.Usage, $"TLS needs {options[missing].Name}, too");
        try
        {
            return Snapshots.Bank.Hosting.Tls.Read(files[0]!, files[1]!, files[2]!);
        }
        catch (TlsException exception)
        {
            throw new ClientException(ErrorCode.InvalidInput, exception.Message, exception);
        }
    }

    private static T? FromVariable<T>(ClientEnvironment environment, string variable, Func<string, T> read)
        where T : class
    {
        var text = environment.Variable(variable);
        if (string.IsNullOrEmpty(text)) return null;
        try
        {
            return read(text);
        }
        catch (InputException exception)
        {
            throw new ClientException(ErrorCode.InvalidInput, $"{variable}: {exception.Message}", exception);
        }
    }

    private static string Name(string text) =>
        !string.IsNullOrWhiteSpace(text) ? text : throw new InputException("the name is empty");
}
