using System.Net;

namespace Snapshots.Grains.Tests;

public sealed class ReachTableTests
{
    private static readonly SiloAddress Near = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 1), 1);
    private static readonly SiloAddress Far = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 2), 1);
    private readonly ReachTable _table = new();

    [Fact]
    public void A_member_that_is_not_reached_for_ten_seconds_is_an_obstacle_until_it_is_reached()
    {
        Assert.Null(_table.Take([(Near, true), (Far, false)], 0));
        Assert.Null(_table.Take([(Near, true), (Far, false)], 9_999));
        Assert.Equal(
            "cluster: no answer for 10 s from 127.0.0.1:2, which the cluster counts as active",
            _table.Take([(Near, true), (Far, false)], 10_000));
        Assert.Null(_table.Take([(Near, true), (Far, true)], 11_000));
        Assert.Null(_table.Take([(Near, true), (Far, false)], 20_000));
    }

    [Fact]
    public void A_member_that_the_cluster_has_removed_is_none()
    {
        Assert.Null(_table.Take([(Far, false)], 0));
        Assert.Null(_table.Take([], 20_000));
        Assert.Null(_table.Take([(Far, false)], 21_000));
    }
}
