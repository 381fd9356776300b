using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace Snapshots.Grains.Tests;

/// <summary>What may change of a stored type, and what may not: the cases of docs/library.md, "Changing types later".</summary>
public sealed class ChangingTypesTests
{
    [Fact]
    public void A_member_that_was_added_has_its_default_in_what_was_stored_before()
    {
        var stored = Of<ParcelOne>().SerializeToArray(new ParcelOne(5));
        Assert.Equal(new ParcelTwo(5, Label: null), Of<ParcelTwo>().Deserialize(stored));
    }

    [Fact]
    public void A_member_that_was_removed_is_passed_over()
    {
        var stored = Of<ParcelTwo>().SerializeToArray(new ParcelTwo(5, "fragile"));
        Assert.Equal(new ParcelOne(5), Of<ParcelOne>().Deserialize(stored));
    }

    [Fact]
    public void A_kind_of_message_that_was_added_goes_under_the_same_base()
    {
        var first = Of<Post>().SerializeToArray(new Card("a"));
        var second = Of<Post>().SerializeToArray(new Telegram(3));
        Assert.Equal([new Card("a"), new Telegram(3)], [Of<Post>().Deserialize(first), Of<Post>().Deserialize(second)]);
    }

    /// <summary>So the type may get another name in code.</summary>
    [Fact]
    public void What_is_stored_of_a_kind_of_message_is_its_alias_and_not_its_name()
    {
        var stored = Encoding.UTF8.GetString(Of<Post>().SerializeToArray(new Card("a")));
        Assert.Contains("snapshots.tests.card", stored, StringComparison.Ordinal);
        Assert.DoesNotContain(nameof(Card), stored, StringComparison.Ordinal);
    }

    /// <summary>So an application begins with a base, also if it has one kind of message.</summary>
    [Fact]
    public void What_was_stored_without_a_base_cannot_be_read_under_one()
    {
        var stored = Of<Card>().SerializeToArray(new Card("a"));
        Assert.ThrowsAny<Exception>(() => Of<Post>().Deserialize(stored) is Card card ? card : throw new InvalidCastException());
    }

    private static Serializer<T> Of<T>() => Given.Services.GetRequiredService<Serializer<T>>();
}

/// <summary>A stored type at first.</summary>
[GenerateSerializer]
[Immutable]
[Alias("snapshots.tests.parcel-1")]
public sealed record ParcelOne([property: Id(0)] long Weight);

/// <summary>The same type later.</summary>
[GenerateSerializer]
[Immutable]
[Alias("snapshots.tests.parcel-2")]
public sealed record ParcelTwo([property: Id(0)] long Weight, [property: Id(1)] string? Label);

/// <summary>The base of messages.</summary>
[GenerateSerializer]
[Immutable]
[Alias("snapshots.tests.post")]
public abstract record Post;

/// <summary>A kind of message.</summary>
[GenerateSerializer]
[Immutable]
[Alias("snapshots.tests.card")]
public sealed record Card([property: Id(0)] string Text) : Post;

/// <summary>A kind of message that was added later.</summary>
[GenerateSerializer]
[Immutable]
[Alias("snapshots.tests.telegram")]
public sealed record Telegram([property: Id(0)] int Words) : Post;
