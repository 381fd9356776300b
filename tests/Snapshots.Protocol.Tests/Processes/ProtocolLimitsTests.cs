namespace Snapshots.Protocol.Tests;

public sealed class ProtocolLimitsTests
{
    public static TheoryData<string> Names =>
    [
        nameof(ProtocolLimits.Window), nameof(ProtocolLimits.MaxHeldBackFrames), nameof(ProtocolLimits.MaxRecordedMessages),
        nameof(ProtocolLimits.MaxOpenRecordings), nameof(ProtocolLimits.FirstResendPauseMs), nameof(ProtocolLimits.MaxFramesPerResend),
    ];

    [Fact]
    public void The_defaults_are_valid() => ProtocolLimits.Default.Validate();

    [Theory]
    [MemberData(nameof(Names))]
    public void One_is_the_least_and_zero_is_refused_by_name(string name)
    {
        With(name, 1).Validate();
        Assert.Contains(name, Assert.Throws<ArgumentException>(With(name, 0).Validate).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_longest_pause_may_equal_the_first_and_not_be_below_it()
    {
        new ProtocolLimits { FirstResendPauseMs = 7, MaxResendPauseMs = 7 }.Validate();
        Assert.Throws<ArgumentException>(new ProtocolLimits { FirstResendPauseMs = 7, MaxResendPauseMs = 6 }.Validate);
    }

    [Fact]
    public void A_process_refuses_unusable_limits()
    {
        var unusable = new ProtocolLimits { Window = 0 };
        Assert.Throws<ArgumentException>(() => Given.Newcomer(Given.P, limits: unusable));
        Assert.Throws<ArgumentException>(() => Given.Joined(Given.P).Restored(limits: unusable));
    }

    [Fact]
    public void Every_limit_is_checked() => Assert.Equal(
        [.. Names.Select(row => row.Data).Append(nameof(ProtocolLimits.MaxResendPauseMs)).Order(StringComparer.Ordinal)],
        typeof(ProtocolLimits).GetProperties()
            .Where(property => property.PropertyType == typeof(int)).Select(property => property.Name).Order(StringComparer.Ordinal));

    private static ProtocolLimits With(string name, int value)
    {
        var limits = new ProtocolLimits();
        typeof(ProtocolLimits).GetProperty(name)!.SetValue(limits, value);
        return limits;
    }
}
