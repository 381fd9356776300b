using Orleans.Storage;

namespace Snapshots.Grains.Tests;

public sealed class StoredRowSerializerTests
{
    private static readonly StoredRowSerializer Rows = new(new OrleansGrainStorageSerializer(Given.Serializer));

    [Fact]
    public void A_row_goes_and_comes_back_as_its_bytes()
    {
        var row = new StoredRow { Content = [1, 2, 3] };
        Assert.Equal([1, 2, 3], Rows.Serialize(row).ToArray());
        Assert.Equal([1, 2, 3], Rows.Deserialize<StoredRow>(new BinaryData(row.Content))!.Content);
        Assert.Equal([2], Rows.Deserialize<StoredRow>(new BinaryData(row.Content.AsMemory(1, 1)))!.Content);
    }

    [Fact]
    public void Other_states_go_through_the_other_serializer() =>
        Assert.Equal(new Letter(5), Rows.Deserialize<Letter>(Rows.Serialize(new Letter(5))));
}
