using Microsoft.Extensions.Logging;
using Orleans.Serialization;
using Snapshots.Protocol;

namespace Snapshots.Grains.Tests;

public sealed class CallFailuresTests(LoggedCluster cluster) : IClassFixture<LoggedCluster>
{
    private readonly ManualTime _time = new();
    private readonly Lines _lines = new();

    [Fact]
    public void A_call_that_fails_each_time_is_one_error_a_minute_for_each_kind()
    {
        var failures = new CallFailures(_time, _lines);
        for (var repeat = 0; repeat < 3; repeat++) failures.Note("wake", "letters/a", new CodecNotFoundException("no such form"));
        failures.Note("receipt", "letters/b", new FormatException());
        _time.Advance(LogLimit.Pause);
        failures.Note("wake", "letters/c", new CodecNotFoundException("no such form"));
        Assert.Equal(
            [
                "Error: The call wake of letters/a failed with CodecNotFoundException; it is repeated. 0 such lines were held back.",
                "Error: The call receipt of letters/b failed with FormatException; it is repeated. 0 such lines were held back.",
                "Error: The call wake of letters/c failed with CodecNotFoundException; it is repeated. 2 such lines were held back.",
            ],
            _lines);
    }

    [Fact]
    public void A_silo_that_is_away_or_a_call_that_is_refused_for_now_is_no_error()
    {
        Exception[] expected =
        [
            new SiloUnavailableException(),
            new TimeoutException(),
            new TaskCanceledException(),
            new InvalidOperationException("the activation is over"),
            new RestoringException(),
            new DamagedStateException(GrainId.Create("letters", "a"), "entry 7 is missing"),
        ];
        foreach (var exception in expected) new CallFailures(_time, _lines).Note("wake", "letters/a", exception);
        Assert.Equal(Enumerable.Repeat("Information: The call wake of letters/a failed; it is repeated.", expected.Length), _lines);
    }

    /// <summary>Without these lines the snapshot only comes to its timeout.</summary>
    [Fact]
    public async Task A_call_of_a_collection_whose_form_is_not_known_is_an_error_with_process_and_kind()
    {
        await cluster.OpenAsync("asked");
        cluster.Refused = nameof(ISnapshotProcess.RecordAsync);
        await cluster.BeginAsync("refused", TimeSpan.FromMinutes(10));
        await SaidAsync("The call record of asked failed with CodecNotFoundException;");
        cluster.Refused = nameof(ISnapshotPart.AcceptAsync);
        await SaidAsync("The call report Local of letters/asked for snapshot 1 failed with CodecNotFoundException;");
        cluster.Refused = null;
        Assert.Equal(SnapshotStatus.Completed, (await cluster.EndOfAsync("refused")).Summary.Status);
    }

    private Task SaidAsync(string start) => LetterCluster.UntilAsync(
        () => Task.FromResult(cluster.Errors.Any(line => line.StartsWith(start, StringComparison.Ordinal))), $"'{start}' is logged");

    private sealed class Lines : List<string>, ILogger<CallFailures>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Add($"{logLevel}: {formatter(state, exception)}");
    }
}
