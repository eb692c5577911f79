using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Faktory.Server.Jobs;

namespace Faktory.Server.Commands;

/// <summary>The members of a JSON object, one after the other. What is not read of a value is passed over.</summary>
ref struct JsonMembers
{
    Utf8JsonReader _reader;
    bool _isInside;

    /// <exception cref="JsonException">Not an object.</exception>
    internal JsonMembers(ReadOnlySpan<byte> json, JsonReaderOptions options = default)
    {
        _reader = new Utf8JsonReader(json, options);
        _reader.Read();
        if (_reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException("expected an object");
    }

    internal string Name { get; private set; } = "";

    /// <summary>Stands at the first token of the value.</summary>
    [UnscopedRef]
    internal ref Utf8JsonReader Value => ref _reader;

    /// <summary>False behind the last one.</summary>
    /// <exception cref="JsonException">Not JSON, or something follows the object.</exception>
    internal bool MoveNext()
    {
        if (_isInside)
            _reader.Skip();
        _isInside = true;
        _reader.Read();
        if (_reader.TokenType != JsonTokenType.PropertyName)
        {
            _reader.Read();
            return false;
        }
        Name = JobText.NameOf(ref _reader);
        _reader.Read();
        return true;
    }

    internal readonly bool Is(string name) => Name.Equals(name, StringComparison.OrdinalIgnoreCase);

    internal string Text() => JobText.String(ref _reader, Name);
}
