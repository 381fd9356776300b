namespace Snapshots.Silo.Tests;

/// <summary>No message shows a value of a connection string, since it may be a password.</summary>
public sealed class SecretTests : IDisposable
{
    private const string Secret = "hunter2";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("the option 'pasword' is unknown, or its value is not possible.", "--redis", $"localhost,pasword={Secret}")]
    [InlineData("the option 'ssl' is unknown, or its value is not possible.", "--redis", $"localhost,ssl={Secret}")]
    [InlineData("it names no server.", "--redis", $"password={Secret}")]
    [InlineData("'--rediss'", $"--rediss=localhost,password={Secret}")]
    public async Task A_bad_connection_names_the_option_alone(string says, params string[] arguments)
    {
        await using var silo = SiloProcess.Start(_folder.Path, arguments);
        var line = (await silo.Exit()).Refusal(2);
        Assert.Contains(says, line, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bad_connection_in_the_environment_or_in_a_file_does_so_too()
    {
        var environment = new Dictionary<string, string> { ["Snapshots__Redis"] = $"localhost,pasword={Secret}" };
        await using (var silo = SiloProcess.Start(BuiltProgram.Original, _folder.Path, environment))
        {
            Assert.Equal(
                "Snapshots:Redis is not a Redis connection, such as 127.0.0.1:6379: "
                    + "the option 'pasword' is unknown, or its value is not possible.",
                (await silo.Exit()).Refusal(2));
        }

        await File.WriteAllTextAsync(
            _folder.Below("redis"), $"localhost,pasword={Secret}\n", TestContext.Current.CancellationToken);
        await using var other = SiloProcess.Start(_folder.Path, "--redis-file", "redis");
        Assert.StartsWith("--redis-file is not a Redis connection", (await other.Exit()).Refusal(2), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_connection_is_read_from_a_file()
    {
        await File.WriteAllTextAsync(_folder.Below("redis"), "127.0.0.1:1,password=x\n", TestContext.Current.CancellationToken);
        await using var silo = SiloProcess.StartOnFreePorts(_folder.Path, "--redis-file", "redis");
        Assert.Equal("The Redis at 127.0.0.1:1 cannot be reached: it does not answer", (await silo.Exit()).Refusal(1));
        await using var both = SiloProcess.StartOnFreePorts(_folder.Path, "--redis-file", "redis", "--redis", "127.0.0.1:1");
        Assert.Equal("--redis and --redis-file cannot be combined.", (await both.Exit()).Refusal(2));
        await using var none = SiloProcess.StartOnFreePorts(_folder.Path, "--redis-file", "nowhere");
        Assert.StartsWith("--redis-file: the file nowhere cannot be read: ", (await none.Exit()).Refusal(2), StringComparison.Ordinal);
    }
}
