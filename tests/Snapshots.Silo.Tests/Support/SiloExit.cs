namespace Snapshots.Silo.Tests;

/// <summary>How the program ended, and what it had said that no test had read yet.</summary>
internal sealed record SiloExit(int Code, IReadOnlyList<string> Output, IReadOnlyList<string> Errors)
{
    /// <summary>
    /// Checks that the program refused: nothing on stdout, and on stderr one line, which this returns.
    /// </summary>
    public string Refusal(int code)
    {
        Assert.Empty(Output);
        var line = Assert.Single(Errors);
        Assert.Equal(code, Code);
        return line;
    }

    /// <summary>Checks that the program stopped cleanly and said nothing more.</summary>
    public void IsClean()
    {
        Assert.Equal(0, Code);
        Assert.Empty(Output);
    }
}
