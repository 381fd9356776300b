using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Serialization;
using Snapshots.Bank;
using Snapshots.Bank.Hosting;
using Snapshots.Page.Tests;

[assembly: AssemblyFixture(typeof(TestSilo))]

namespace Snapshots.Page.Tests;

/// <summary>One silo in this process, with the bank, the samples and notes, for all tests.</summary>
public sealed class TestSilo : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("snapshots-page-").FullName;
    private EmbeddedSilo? _silo;

    public IGrainFactory Grains => _silo!.Grains;

    public async ValueTask InitializeAsync() => _silo = await EmbeddedSilo.StartAsync(
        _folder,
        LogLevel.None,
        silo => silo.Services.Configure<SnapshotsOptions>(options => options.FlightRecorderEvents = 64));

    public SnapshotClient Snapshots(string application) =>
        new(Grains, application, _silo!.Services.GetRequiredService<Serializer>());

    /// <summary>Takes a snapshot and waits until it has completed.</summary>
    public async Task<SnapshotSummary> TakeAsync(string application, string id)
    {
        var snapshots = Snapshots(application);
        await snapshots.BeginAsync(new(new(id), default, TimeSpan.FromSeconds(30)));
        var view = await snapshots.WaitAsync(new(id), progress: null, TestContext.Current.CancellationToken);
        Assert.Equal(SnapshotStatus.Completed, view.Summary.Status);
        return view.Summary;
    }

    /// <summary>
    /// Stores a snapshot of the bank as if it had been taken: a ring of accounts, each with 100 units. Every tenth has 1
    /// to 5 transfers of 1 unit in transit to the next.
    /// </summary>
    public async Task<SnapshotSummary> ImportRingAsync(string id, int accounts)
    {
        var serializer = _silo!.Services.GetRequiredService<Serializer>();
        var (states, messages) = (serializer.GetSerializer<AccountState>(), serializer.GetSerializer<BankMessage>());
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        var source = new SnapshotSummary(
            new(id), new(1), Epoch.First, SnapshotStatus.Completed, NameOf(0), TimeSpan.FromMinutes(1), now, now + 40,
            accounts, accounts, Enumerable.Range(0, accounts).Sum(InTransit), string.Empty);
        return await Snapshots(BankApplication.Name).ImportAsync(source, Content(), CancellationToken.None);

        async IAsyncEnumerable<(ProcessId, Report?)> Content()
        {
            for (var index = 0; index < accounts; index++)
            {
                var (self, before) = (NameOf(index), (index + accounts - 1) % accounts);
                yield return (self, null);
                var state = new AccountState(open: true, 100 - InTransit(index), 100, 0);
                yield return (self, new LocalReport<StatePayload>(
                    new(1), Epoch.First, self, new(new(states.SerializeToArray(state)), default),
                    [new(NameOf((index + 1) % accounts), new(InTransit(index)))], [new(NameOf(before), new(0))]));
                if (InTransit(before) == 0) continue;
                yield return (self, new ChannelReport<Payload>(
                    new(1), Epoch.First, self, NameOf(before), new(0),
                    [.. Enumerable.Range(1, InTransit(before)).Select(number => new Payload(
                        messages.SerializeToArray(new TransferMessage(new($"rent-{before}-{number}"), new(1)))))]));
            }

            await Task.CompletedTask;
        }

        int InTransit(int index) => index % 10 == 0 ? 1 + (index / 10 % 5) : 0;

        ProcessId NameOf(int index) => new($"account-{index:00000}");
    }

    public async ValueTask DisposeAsync()
    {
        if (_silo is not null) await _silo.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
