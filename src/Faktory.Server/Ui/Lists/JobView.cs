using System.Text;
using System.Text.Json;
using Faktory.Server.Jobs;
using Faktory.Server.Ui.Rendering;

namespace Faktory.Server.Ui.Lists;

/// <summary>What people see of a job. Read leniently: what a client or an import left in it must not hide the job from those who repair it.</summary>
sealed class JobView
{
    const int PreviewCharactersMax = 160;

    readonly JobRecord _record;

    internal string Jid { get; }
    internal string Type { get; private set; } = "";
    /// <summary>The class that an adapter such as Rails' ActiveJob wrapped; else the job's type.</summary>
    internal string ShownType => _wrapped.Length > 0 ? _wrapped : Type;
    internal string Queue { get; private set; } = "default";
    internal string ArgsPreview { get; private set; } = "";
    internal FailureView? Failure { get; private set; }
    /// <summary>Members that are a text or a number, by name, as they were written.</summary>
    internal Dictionary<string, string> Plain { get; } = new(StringComparer.OrdinalIgnoreCase);
    /// <summary>Members that are an object or an array, laid out for reading.</summary>
    internal Dictionary<string, Range> Nested { get; } = new(StringComparer.OrdinalIgnoreCase);

    string _wrapped = "";

    JobView(JobRecord record)
    {
        _record = record;
        Jid = Encoding.UTF8.GetString(record.Jid);
    }

    internal long Bytes => _record.Json.Length;

    internal string Pretty(Range part) => PrettyJson.Format(_record.Json.Span[part]);

    internal string PrettyAll => PrettyJson.Format(_record.Json.Span);

    internal static JobView Read(JobRecord record)
    {
        var view = new JobView(record);
        try
        {
            view.ReadMembers(record.Json.Span);
        }
        catch (JsonException)
        {
            // Shown with what could be read before.
        }
        return view;
    }

    void ReadMembers(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = JobFields.StoredDepthMax });
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = LenientString.Of(ref reader);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                ReadNested(name, ref reader, json, start);
            else if (reader.TokenType != JsonTokenType.Null)
                ReadPlain(name, reader.TokenType == JsonTokenType.String ? LenientString.Of(ref reader) : Encoding.UTF8.GetString(reader.ValueSpan));
        }
    }

    void ReadPlain(string name, string value)
    {
        Plain[name] = value;
        if (name.Equals("jobtype", StringComparison.OrdinalIgnoreCase))
            Type = value;
        else if (name.Equals("queue", StringComparison.OrdinalIgnoreCase) && value.Length > 0)
            Queue = value;
    }

    void ReadNested(string name, ref Utf8JsonReader reader, ReadOnlySpan<byte> json, int start)
    {
        if (name.Equals("failure", StringComparison.OrdinalIgnoreCase) && reader.TokenType == JsonTokenType.StartObject)
            Failure = FailureView.Read(reader);
        else if (name.Equals("custom", StringComparison.OrdinalIgnoreCase))
            _wrapped = WrappedIn(reader);
        reader.Skip();
        Nested[name] = start..(int)reader.BytesConsumed;
        if (name.Equals("args", StringComparison.OrdinalIgnoreCase))
            ArgsPreview = Preview(json[start..(int)reader.BytesConsumed]);
    }

    static string WrappedIn(Utf8JsonReader reader)
    {
        var depth = reader.CurrentDepth;
        while (reader.Read() && reader.CurrentDepth > depth)
        {
            if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth != depth + 1 || !LenientString.Of(ref reader).Equals("wrapped", StringComparison.Ordinal))
                continue;
            reader.Read();
            return reader.TokenType == JsonTokenType.String ? LenientString.Of(ref reader) : "";
        }
        return "";
    }

    static string Preview(ReadOnlySpan<byte> args)
    {
        var text = Encoding.UTF8.GetString(args[..Math.Min(args.Length, 4 * PreviewCharactersMax)]);
        return text.Length > PreviewCharactersMax ? string.Concat(text.AsSpan(0, PreviewCharactersMax), "…") : text;
    }
}
