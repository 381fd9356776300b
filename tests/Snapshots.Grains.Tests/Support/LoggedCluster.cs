using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Serialization;

namespace Snapshots.Grains.Tests;

/// <summary>A cluster whose errors are seen, and that refuses the form of calls on order.</summary>
public sealed class LoggedCluster : LetterCluster, ILoggerProvider
{
    private readonly ConcurrentQueue<string> _errors = [];

    internal IReadOnlyCollection<string> Errors => _errors;

    /// <summary>The method whose calls fail as if their form was not known; none if all are taken.</summary>
    internal string? Refused { get; set; }

    public ILogger CreateLogger(string categoryName) => new Lines(_errors);

    public void Dispose() => GC.SuppressFinalize(this);

    private protected override void Configure(ISiloBuilder silo)
    {
        silo.Services.AddLogging(logging => logging.AddProvider(this).AddFilter<LoggedCluster>("Snapshots", LogLevel.Error));
        silo.AddIncomingGrainCallFilter(context =>
            context.InterfaceMethod.Name == Refused ? throw new CodecNotFoundException("no such form") : context.Invoke());
    }

    private sealed class Lines(ConcurrentQueue<string> errors) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel >= LogLevel.Error) errors.Enqueue(formatter(state, exception));
        }
    }
}
