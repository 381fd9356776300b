using System.Collections;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json.Serialization;

namespace Snapshots.Documents;

/// <summary>
/// The format of an application that has none of its own: System.Text.Json, with names in camel case and in ordinal
/// order.
/// </summary>
/// <remarks>
/// Public properties and fields are written, and attributes of System.Text.Json are obeyed. A value of an abstract type
/// or interface gets a field <c>type</c>, the name of its class in camel case, unless it has one. A set is written in
/// ordinal order, and an identity as its name. Numbers keep every digit. A message that is no JSON object is written as
/// the field <c>content</c>, and its own field <c>sequence</c> as <c>_sequence</c>.
/// </remarks>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
public sealed class JsonFormat<TState, TMessage> : IDocumentFormat<TState, TMessage>
{
    /// <inheritdoc/>
    /// <exception cref="JsonException">The state has no JSON form: a cycle, or more than 56 levels.</exception>
    public void WriteState(Utf8JsonWriter writer, TState state)
    {
        ArgumentNullException.ThrowIfNull(writer);
        SortedJson.Write(writer, RuntimeJson.ToElement(state, typeof(TState)));
    }

    /// <inheritdoc/>
    /// <exception cref="JsonException">The message has no JSON form: a cycle, or more than 56 levels.</exception>
    public void WriteMessage(Utf8JsonWriter writer, TMessage message)
    {
        ArgumentNullException.ThrowIfNull(writer);
        var element = RuntimeJson.ToElement(message, typeof(TMessage));
        if (element.ValueKind == JsonValueKind.Object)
        {
            SortedJson.WriteMembers(writer, element, reserved: "sequence");
            return;
        }

        writer.WritePropertyName("content");
        SortedJson.Write(writer, element);
    }
}

/// <summary>Serializes values by the types that they have, not by those that are declared.</summary>
internal static class RuntimeJson
{
    /// <summary>Less than the verifier reads, with room for the levels of the document around it.</summary>
    private const int MaxDepth = 56;

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        IncludeFields = true,
        MaxDepth = MaxDepth,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters =
        {
            new JsonStringEnumConverter(JsonNamingPolicy.CamelCase),
            new IdentityConverter(),
            new SetConverter(),
            new AbstractConverter(),
        },
    };

    /// <summary>Returns the value as JSON; with its type where the declared one does not say it.</summary>
    public static JsonElement ToElement(object? value, Type declared)
    {
        if (value is null) return JsonSerializer.SerializeToElement<object?>(null);
        return WithType(JsonSerializer.SerializeToElement(value, value.GetType(), Options), value.GetType(), declared);
    }

    private static JsonElement WithType(JsonElement element, Type type, Type declared)
    {
        if (type == declared || typeof(IEnumerable).IsAssignableFrom(type)) return element;
        if (element.ValueKind != JsonValueKind.Object || element.TryGetProperty("type", out _)) return element;
        var members = element.EnumerateObject().ToDictionary(member => member.Name, member => member.Value);
        members["type"] = JsonSerializer.SerializeToElement(JsonNamingPolicy.CamelCase.ConvertName(type.Name), Options);
        return JsonSerializer.SerializeToElement(members, Options);
    }

    private static string Sorted(JsonElement element)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, SnapshotDocument.WriterOptions(indented: false)))
            SortedJson.Write(writer, element);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Writes a value that is declared as abstract as what it is.</summary>
    private sealed class AbstractConverter : JsonConverter<object>
    {
        public override bool CanConvert(Type typeToConvert) =>
            typeToConvert.IsAbstract
            && !typeof(IEnumerable).IsAssignableFrom(typeToConvert)
            && !typeToConvert.IsDefined(typeof(JsonDerivedTypeAttribute), inherit: false);

        public override object Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException("this form is only written");

        public override void Write(Utf8JsonWriter writer, object value, JsonSerializerOptions options)
        {
            var type = value.GetType();
            WithType(JsonSerializer.SerializeToElement(value, type, options), type, typeof(object)).WriteTo(writer);
        }
    }

    /// <summary>Writes sets in an order that does not depend on hashes.</summary>
    private sealed class SetConverter : JsonConverterFactory
    {
        public override bool CanConvert(Type typeToConvert) => ItemOf(typeToConvert) is not null;

        public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
            (JsonConverter)Activator.CreateInstance(
                typeof(Of<,>).MakeGenericType(typeToConvert, ItemOf(typeToConvert)!))!;

        private static Type? ItemOf(Type type) => type.GetInterfaces().Append(type)
            .FirstOrDefault(each => each.IsGenericType && each.GetGenericTypeDefinition() == typeof(IReadOnlySet<>))
            ?.GetGenericArguments()[0];

        private sealed class Of<TSet, TItem> : JsonConverter<TSet>
            where TSet : IEnumerable<TItem>
        {
            public override TSet Read(
                ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
                throw new NotSupportedException("this form is only written");

            public override void Write(Utf8JsonWriter writer, TSet value, JsonSerializerOptions options)
            {
                var items = value.Select(item => Sorted(JsonSerializer.SerializeToElement(item, options)));
                writer.WriteStartArray();
                foreach (var item in items.Order(StringComparer.Ordinal)) writer.WriteRawValue(item);
                writer.WriteEndArray();
            }
        }
    }

    /// <summary>Writes the identity of a process as its name, also where it is the key of a dictionary.</summary>
    private sealed class IdentityConverter : JsonConverter<ProcessId>
    {
        public override ProcessId Read(
            ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetString()!);

        public override void Write(Utf8JsonWriter writer, ProcessId value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.Value);

        public override void WriteAsPropertyName(
            Utf8JsonWriter writer, ProcessId value, JsonSerializerOptions options) =>
            writer.WritePropertyName(value.Value);
    }
}

/// <summary>Writes JSON with the names of each object in ordinal order, and numbers as they are.</summary>
internal static class SortedJson
{
    /// <summary>Writes a value.</summary>
    public static void Write(Utf8JsonWriter writer, JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Object)
        {
            writer.WriteStartObject();
            WriteMembers(writer, element, reserved: null);
            writer.WriteEndObject();
        }
        else if (element.ValueKind == JsonValueKind.Array)
        {
            writer.WriteStartArray();
            foreach (var item in element.EnumerateArray()) Write(writer, item);
            writer.WriteEndArray();
        }
        else
        {
            element.WriteTo(writer);
        }
    }

    /// <summary>Writes the members of an object; a reserved name gets <c>_</c> before it until it is new.</summary>
    public static void WriteMembers(Utf8JsonWriter writer, JsonElement element, string? reserved)
    {
        foreach (var member in element.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal))
        {
            var name = member.Name;
            if (name == reserved)
            {
                do name = "_" + name;
                while (element.TryGetProperty(name, out _));
            }

            writer.WritePropertyName(name);
            Write(writer, member.Value);
        }
    }
}
