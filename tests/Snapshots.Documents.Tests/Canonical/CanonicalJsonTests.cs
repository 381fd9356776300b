using System.Text;
using System.Text.Json;

namespace Snapshots.Documents.Tests;

public sealed class CanonicalJsonTests
{
    [Fact]
    public void The_sample_of_RFC_8785_section_3_2_2() => Assert.Equal(
        """
        {"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],
        "string":"€$\u000f\nA'B\"\\\\\"/"}
        """.ReplaceLineEndings(string.Empty),
        Canonical(
            """
            {
              "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
              "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
              "literals": [null, true, false]
            }
            """));

    [Fact]
    public void The_sorting_sample_of_RFC_8785_section_3_2_3()
    {
        var canonical = Canonical(
            """
            {
              "\u20ac": "Euro Sign",
              "\r": "Carriage Return",
              "\ufb33": "Hebrew Letter Dalet With Dagesh",
              "1": "One",
              "\ud83d\ude00": "Emoji: Grinning Face",
              "\u0080": "Control",
              "\u00f6": "Latin Small Letter O With Diaeresis"
            }
            """);
        using var document = JsonDocument.Parse(canonical);
        Assert.Equal(
            [
                "Carriage Return",
                "One",
                "Control",
                "Latin Small Letter O With Diaeresis",
                "Euro Sign",
                "Emoji: Grinning Face",
                "Hebrew Letter Dalet With Dagesh",
            ],
            document.RootElement.EnumerateObject().Select(property => property.Value.GetString()));
    }

    [Theory]
    [InlineData("{}", "{}")]
    [InlineData(" [ ] ", "[]")]
    [InlineData("""{"b":[{"d":1,"c":{}}],"a":""}""", """{"a":"","b":[{"c":{},"d":1}]}""")]
    [InlineData("""["{",[],"[",{"k":"{"}]""", """["{",[],"[",{"k":"{"}]""")]
    [InlineData("[1.0,-0,-0.0,1e2,0.1e1,100]", "[1,0,0,100,1,100]")]
    [InlineData(
        "[9007199254740991,9007199254740992,9007199254740993]", "[9007199254740991,9007199254740992,9007199254740992]")]
    [InlineData("[1000000000000000000000,123456789012345678901]", "[1e+21,123456789012345680000]")]
    [InlineData(
        """["\b\t\n\f\r\u0000\u001f\u007f\u2028<>&+"]""", "[\"\\b\\t\\n\\f\\r\\u0000\\u001f\u007f\u2028<>&+\"]")]
    [InlineData("""["\ud83d\ude00"]""", "[\"\U0001F600\"]")]
    public void One_form_for_each_value(string json, string expected) => Assert.Equal(expected, Canonical(json));

    [Theory]
    [InlineData("""["\ud83d"]""")]
    [InlineData("""["\ude00\ud83d"]""")]
    [InlineData("""{"\udc00":1}""")]
    [InlineData("[1e999]")]
    [InlineData("[-1e999]")]
    public void What_has_no_canonical_form_is_refused(string json) =>
        Assert.Throws<DocumentFormatException>(() => Canonical(json));

    [Fact]
    public void Bytes_that_are_not_UTF_8_are_refused()
    {
        using var document = JsonDocument.Parse(new byte[] { (byte)'[', (byte)'"', 0xff, (byte)'"', (byte)']' });
        Assert.Throws<DocumentFormatException>(() => CanonicalJson.Serialize(document.RootElement));
    }

    [Theory]
    [InlineData("""{"a":{"x":1,"y":2},"x":3}""", """{"a":{"y":2},"x":3}""")]
    [InlineData("""{"a":{"x":1},"b":{"x":1}}""", """{"a":{},"b":{"x":1}}""")]
    [InlineData("""{"a":{"a":{"x":1}},"x":[{"a":{"x":1}}]}""", """{"a":{"a":{"x":1}},"x":[{"a":{"x":1}}]}""")]
    public void Only_the_one_path_is_left_out(string json, string expected)
    {
        using var document = JsonDocument.Parse(json);
        Assert.Equal(expected, Encoding.UTF8.GetString(CanonicalJson.Serialize(document.RootElement, "a", "x").Span));
    }

    private static string Canonical(string json)
    {
        using var document = JsonDocument.Parse(json);
        return Encoding.UTF8.GetString(CanonicalJson.Serialize(document.RootElement).Span);
    }
}
