using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>The wire form of <see cref="KeyStanding"/>: its number.</summary>
[GenerateSerializer]
[Alias("snapshots.key-standing")]
internal struct KeyStandingSurrogate
{
    [Id(0)]
    public byte Value;
}

/// <summary>Converts <see cref="KeyStanding"/> to its wire form and back.</summary>
[RegisterConverter]
internal sealed class KeyStandingConverter : IConverter<KeyStanding, KeyStandingSurrogate>
{
    public KeyStanding ConvertFromSurrogate(in KeyStandingSurrogate surrogate) => (KeyStanding)surrogate.Value;

    public KeyStandingSurrogate ConvertToSurrogate(in KeyStanding value) => new() { Value = (byte)value };
}
