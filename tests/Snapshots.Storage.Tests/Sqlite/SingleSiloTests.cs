using Orleans.TestingHost;
using Snapshots.Grains;

namespace Snapshots.Storage.Tests;

/// <summary>A silo on SQLite is alone: no other silo can read what it stores.</summary>
public sealed class SingleSiloTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_silo_on_sqlite_refuses_to_join_another_silo()
    {
        var refused = await StartTwoAsync(isFirstOnSqlite: false, isSecondOnSqlite: true);
        Assert.Contains("This silo stores its state in SQLite, which no other silo can read", refused, StringComparison.Ordinal);
        Assert.Contains("use a shared storage, such as Redis", refused, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silo_refuses_to_join_one_on_sqlite() => Assert.Contains(
        "of this cluster stores its state in SQLite, which no other silo can read, and this silo would be another member",
        await StartTwoAsync(isFirstOnSqlite: true, isSecondOnSqlite: false),
        StringComparison.Ordinal);

    [Fact]
    public async Task Two_silos_each_on_a_directory_of_its_own_are_refused() => Assert.Contains(
        "stores its state in SQLite", await StartTwoAsync(isFirstOnSqlite: true, isSecondOnSqlite: true), StringComparison.Ordinal);

    /// <summary>Starts a silo, and then another; returns why the other one refused.</summary>
    private async Task<string> StartTwoAsync(bool isFirstOnSqlite, bool isSecondOnSqlite)
    {
        var builder = new InProcessTestClusterBuilder(initialSilosCount: 1);
        var silos = 0;
        builder.ConfigureSilo((_, silo) =>
        {
            var isFirst = silos++ == 0;
            if (isFirst ? isFirstOnSqlite : isSecondOnSqlite)
                silo.AddSqliteGrainStorage("snapshots", options => options.Directory = Path.Combine(_folder.Path, $"{isFirst}"));
            else
                silo.AddMemoryGrainStorage("snapshots");
            silo.AddSnapshots();
        });
        await using var cluster = builder.Build();
        await cluster.DeployAsync();
        var refused = await Assert.ThrowsAnyAsync<Exception>(() => cluster.StartAdditionalSiloAsync());
        return refused.GetBaseException().Message;
    }
}
