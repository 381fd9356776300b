using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Snapshots.Bank.Hosting;

namespace Snapshots.Client.Tests;

public sealed class UnopenedTests
{
    /// <summary>What a user sees when no more accounts may come into being by being paid.</summary>
    [Fact]
    public async Task A_transfer_to_one_unopened_account_too_many_says_so_and_moves_nothing()
    {
        using var folder = new TemporaryFolder();
        await using var silo = await EmbeddedSilo.StartAsync(
            folder.Path, LogLevel.None, configureSnapshots: options => options.MaxProcessesByMessage = 0,
            cancellationToken: TestContext.Current.CancellationToken);
        var port = silo.Services.GetRequiredService<IOptions<EndpointOptions>>().Value.GatewayPort;
        Assert.Equal(0, (await RunAsync("account open alice --deposit 100")).ExitCode);

        var refused = await RunAsync("transfer alice bob 10 -o json");
        Assert.Equal(8, refused.ExitCode);
        Assert.Equal("tooManyUnopened", refused.ErrorCode);
        Assert.Contains("open it first", refused.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal(100, (await RunAsync("account show alice -o json")).Json.GetProperty("balance").GetInt64());

        Assert.Equal(0, (await RunAsync("account open bob")).ExitCode);
        Assert.Equal(0, (await RunAsync("transfer alice bob 10")).ExitCode);

        Task<ProgramResult> RunAsync(string commandLine) => InProcess.RunAsync(
            string.Create(CultureInfo.InvariantCulture, $"{commandLine} --gateway 127.0.0.1:{port}"));
    }

    [Fact]
    public void A_client_knows_the_types_of_its_own_parts_alone()
    {
        var services = new ServiceCollection();
        Orleans.Serialization.ServiceCollectionExtensions.AddSerializer(services);
        var before = Manifests(services);
        ClientTypes.Reduce(services);
        Assert.Contains("Orleans.Runtime", before);
        Assert.Equal(
            ["Orleans.Core", "Orleans.Core.Abstractions", "Orleans.Serialization", "Snapshots.Bank", "Snapshots.Grains.Abstractions"],
            Manifests(services));
    }

    private static string[] Manifests(ServiceCollection services) => services
        .Where(service => service.ServiceType == typeof(IConfigureOptions<Orleans.Serialization.Configuration.TypeManifestOptions>))
        .Select(service => service.ImplementationType!.Assembly.GetName().Name!).Distinct().Order(StringComparer.Ordinal).ToArray();
}
