using System.Text.Json;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace ControlPlane.Core.Data;

/// <summary>Enumerations are stored, and shown to customers, as snake_case words.</summary>
public sealed class LowercaseEnum<T>() : ValueConverter<T, string>(value => Format(value), text => Parse(text)) where T : struct, Enum
{
    static readonly Dictionary<T, string> Texts = Enum.GetValues<T>().ToDictionary(value => value, value => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()));
    static readonly Dictionary<string, T> Values = Texts.ToDictionary(pair => pair.Value, pair => pair.Key);

    public static string Format(T value) => Texts[value];

    public static T Parse(string text) => Values[text];

    public static bool TryParse(string text, out T value) => Values.TryGetValue(text, out value);
}

/// <summary>The word of an enumeration's value as the database and the API have it.</summary>
public static class EnumText
{
    public static string ToText<T>(this T value) where T : struct, Enum => LowercaseEnum<T>.Format(value);
}
