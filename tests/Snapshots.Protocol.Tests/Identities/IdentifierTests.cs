namespace Snapshots.Protocol.Tests;

public sealed class IdentifierTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("Account-7.eu_1:x")]
    [InlineData("0")]
    [InlineData(".")]
    public void Letters_digits_and_four_signs_are_valid(string text)
    {
        Assert.True(Identifier.IsValid(text));
        Assert.Same(text, Identifier.Validate(text, "name"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" a")]
    [InlineData("a/b")]
    [InlineData("ä")]
    [InlineData("a\n")]
    [InlineData("٣")]
    public void Everything_else_is_refused_with_the_parameter_named(string? text)
    {
        Assert.False(Identifier.IsValid(text));
        Assert.Equal("name", Assert.Throws<ArgumentException>(() => Identifier.Validate(text, "name")).ParamName);
    }

    [Fact]
    public void The_length_is_bounded_at_sixty_four_included()
    {
        Assert.True(Identifier.IsValid(new string('x', Identifier.MaxLength)));
        Assert.False(Identifier.IsValid(new string('x', Identifier.MaxLength + 1)));
        Assert.Equal(64, Identifier.MaxLength);
    }
}
