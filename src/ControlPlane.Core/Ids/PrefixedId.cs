using System.Diagnostics.CodeAnalysis;

namespace ControlPlane.Core.Ids;

/// <summary>An id that says what it names: a prefix and the base32 of a UUID version 7, for example <c>ins_01jc3f…</c>.</summary>
public interface IPrefixedId<TSelf> where TSelf : struct, IPrefixedId<TSelf>
{
    static abstract string Prefix { get; }

    static abstract TSelf From(Guid value);

    Guid Value { get; }
}

/// <summary>Text form of the ids: prefix, underscore, 26 lower-case characters of Crockford's base32.</summary>
public static class PrefixedId
{
    const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
    const int TextLength = 26;

    public static string Format(string prefix, Guid value)
    {
        return string.Create(prefix.Length + 1 + TextLength, (prefix, Number: OrderedGuid.Read(value)), static (text, state) =>
        {
            state.prefix.CopyTo(text);
            text[state.prefix.Length] = '_';
            var rest = state.Number;
            for (var i = text.Length - 1; i > state.prefix.Length; i--)
            {
                text[i] = Alphabet[(int)(rest & 31)];
                rest >>= 5;
            }
        });
    }

    /// <summary>For an id that this service wrote itself.</summary>
    /// <exception cref="FormatException">It is not one.</exception>
    public static TId Parse<TId>(string text) where TId : struct, IPrefixedId<TId> =>
        TryParse<TId>(text, out var id) ? id : throw new FormatException($"'{text}' is not an id with the prefix {TId.Prefix}");

    public static bool TryParse<TId>([NotNullWhen(true)] string? text, out TId id) where TId : struct, IPrefixedId<TId>
    {
        id = default;
        if (text is null || text.Length != TId.Prefix.Length + 1 + TextLength || !text.StartsWith(TId.Prefix, StringComparison.Ordinal) || text[TId.Prefix.Length] != '_')
            return false;

        UInt128 number = 0;
        foreach (var character in text.AsSpan(TId.Prefix.Length + 1))
        {
            var digit = Alphabet.IndexOf(character);
            if (digit < 0 || number >> 123 != 0)
                return false;
            number = (number << 5) | (uint)digit;
        }
        id = TId.From(OrderedGuid.Write(number));
        return true;
    }
}
