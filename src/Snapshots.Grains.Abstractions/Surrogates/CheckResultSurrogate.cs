using Snapshots.Detection;

namespace Snapshots.Grains;

/// <summary>The wire form of a <see cref="CheckResult"/>.</summary>
[GenerateSerializer]
[Alias("snapshots.check-result")]
internal struct CheckResultSurrogate
{
    /// <summary>The name of the check.</summary>
    [Id(0)]
    public string Name;

    /// <summary>0 stable, 1 invariant, 2 observed.</summary>
    [Id(1)]
    public int Class;

    /// <summary>Whether the property holds.</summary>
    [Id(2)]
    public bool Holds;

    /// <summary>Whether somebody should look.</summary>
    [Id(3)]
    public bool Finding;

    /// <summary>Why.</summary>
    [Id(4)]
    public string[] Witness;
}

/// <summary>Converts a <see cref="CheckResult"/> to its wire form and back.</summary>
[RegisterConverter]
internal sealed class CheckResultConverter : IConverter<CheckResult, CheckResultSurrogate>
{
    /// <inheritdoc/>
    public CheckResult ConvertFromSurrogate(in CheckResultSurrogate surrogate) =>
        new(surrogate.Name, (CheckClass)surrogate.Class, surrogate.Holds, surrogate.Finding, [.. surrogate.Witness]);

    /// <inheritdoc/>
    public CheckResultSurrogate ConvertToSurrogate(in CheckResult value) => new()
    {
        Name = value.Name,
        Class = (int)value.Class,
        Holds = value.Holds,
        Finding = value.Finding,
        Witness = [.. value.Witness],
    };
}
