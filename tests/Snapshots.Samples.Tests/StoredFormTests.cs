using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace Snapshots.Samples.Tests;

/// <summary>
/// The bytes of states and messages on the wire and in storage. They are frozen: a change here breaks what is stored.
/// </summary>
public sealed class StoredFormTests
{
    private static readonly ServiceProvider Services = new ServiceCollection()
        .AddSerializer(builder => builder.AddAssembly(typeof(LocksState).Assembly))
        .BuildServiceProvider();

    private static readonly ProcessId A = new("A");
    private static readonly ProcessId B = new("B");

    [Fact]
    public void States_of_workers_and_locks_have_their_golden_bytes()
    {
        AssertGolden<LocksState>(
            WorkerState.Idle,
            "3001ab0703232d736e617073686f74732e6c6f636b732e776f726b6572e8e8e82020e0e021c007e00101e0");
        AssertGolden<LocksState>(
            new WorkerState([A], [B, A], Any: true),
            "3001ab0703232d736e617073686f74732e6c6f636b732e776f726b6572e8e8e82020000321400341e0e0e0"
                + "2120000521400342e020c00de0e0e00103e0");
        AssertGolden<LocksState>(
            LockState.Free,
            "30014651d81629736e617073686f74732e6c6f636b732e6c6f636be8e8e8c0012120e0e0e0");
        AssertGolden<LocksState>(
            new LockState(A, [B]),
            "30014651d81629736e617073686f74732e6c6f636b732e6c6f636be8e8e820400341e02120000321400342e0e0e0e0");
    }

    [Fact]
    public void Messages_between_workers_and_locks_have_their_golden_bytes()
    {
        AssertGolden(new LocksMessage(LocksMessageKind.Request), "20e80001e0");
        AssertGolden(new LocksMessage(LocksMessageKind.Grant), "20e80005e0");
        AssertGolden(new LocksMessage(LocksMessageKind.Release), "20e80009e0");
    }

    [Fact]
    public void States_of_objects_have_their_golden_bytes()
    {
        AssertGolden(ObjectState.Empty, "20e800012120e0e021c009e0e0");
        AssertGolden(
            new ObjectState(Root: true, [A, B], [B]),
            "20e800032120000521400341e020400342e0e0e02120000321c013e0e0e0e0");
    }

    [Fact]
    public void Messages_between_objects_have_their_golden_bytes()
    {
        AssertGolden(new ObjectMessage(ObjectMessageKind.Reference, A), "20e8000121400341e0c101e0");
        AssertGolden(new ObjectMessage(ObjectMessageKind.TellSend, A, B), "20e8000521400341e021400342e0e0");
        AssertGolden(new ObjectMessage(ObjectMessageKind.TellDrop, B), "20e8000921400342e0c101e0");
    }

    private static void AssertGolden<T>(T value, string hex)
    {
        var serializer = Services.GetRequiredService<Serializer>();
        Assert.Equal(hex, Convert.ToHexStringLower(serializer.SerializeToArray(value)));
        Assert.Equal(value, serializer.Deserialize<T>(Convert.FromHexString(hex)));
    }
}
