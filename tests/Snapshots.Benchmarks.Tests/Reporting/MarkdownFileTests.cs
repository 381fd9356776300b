namespace Snapshots.Benchmarks.Tests;

public sealed class MarkdownFileTests
{
    [Fact]
    public void Results_take_the_place_of_earlier_ones_and_leave_the_rest_of_the_document() => Assert.Equal(
        "# Title\n<!-- results -->\n\nnew\n\n<!-- end of results -->\nend\n",
        MarkdownFile.Put("# Title\n<!-- results -->\nold\n<!-- end of results -->\nend\n", "new\n"));

    [Theory]
    [InlineData("")]
    [InlineData("some text")]
    [InlineData("<!-- end of results --> <!-- results -->")]
    public void A_file_without_a_place_for_them_becomes_the_results(string document) =>
        Assert.Equal("new\n", MarkdownFile.Put(document, "new\n"));
}
