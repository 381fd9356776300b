using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>The wire form of <see cref="CollectionProgress"/>.</summary>
[GenerateSerializer]
[Alias("snapshots.collection-progress")]
internal struct CollectionProgressSurrogate
{
    /// <summary>See <see cref="CollectionProgress.ProcessesRecorded"/>.</summary>
    [Id(0)]
    public int ProcessesRecorded;

    /// <summary>See <see cref="CollectionProgress.ProcessesExpected"/>.</summary>
    [Id(1)]
    public int ProcessesExpected;

    /// <summary>See <see cref="CollectionProgress.ChannelsClosed"/>.</summary>
    [Id(2)]
    public int ChannelsClosed;

    /// <summary>See <see cref="CollectionProgress.ChannelsExpected"/>.</summary>
    [Id(3)]
    public int ChannelsExpected;

    /// <summary>See <see cref="CollectionProgress.WaitingFor"/>.</summary>
    [Id(4)]
    public string[] WaitingFor;
}
