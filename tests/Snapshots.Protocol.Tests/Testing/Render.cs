using System.Collections;
using System.Collections.Concurrent;
using System.Reflection;
using System.Text;

namespace Snapshots.Protocol.Tests;

/// <summary>
/// The whole content of a record as text: what its own equality cannot give, since immutable arrays compare by
/// reference.
/// </summary>
internal static class Render
{
    private static readonly ConcurrentDictionary<Type, PropertyInfo[]> Properties = new();

    public static string Text(object? value)
    {
        var text = new StringBuilder();
        Write(text, value);
        return text.ToString();
    }

    private static void Write(StringBuilder text, object? value)
    {
        switch (value)
        {
            case null:
                text.Append("none");
                break;
            case IComparable: // Text, numbers, enumerations.
                text.Append(value);
                break;
            case not null when value.GetType().GetInterface("IComparable`1") is not null: // Every identity.
                text.Append(value);
                break;
            case IEnumerable items:
                text.Append('[');
                foreach (var item in items)
                {
                    Write(text, item);
                    text.Append(' ');
                }

                text.Append(']');
                break;
            default:
                text.Append(value.GetType().Name).Append('{');
                foreach (var property in Properties.GetOrAdd(value.GetType(), type => type.GetProperties(BindingFlags.Public | BindingFlags.Instance)))
                {
                    text.Append(property.Name).Append('=');
                    Write(text, property.GetValue(value));
                    text.Append(' ');
                }

                text.Append('}');
                break;
        }
    }
}
