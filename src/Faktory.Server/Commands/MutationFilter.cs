using System.Text;
using System.Text.Json;
using Faktory.Server.Jobs;

namespace Faktory.Server.Commands;

/// <summary>
/// Which jobs of a set a MUTATE is about: those of the jids when there are any, otherwise those of the type whose JSON the pattern
/// matches; both may be missing.
/// </summary>
sealed class MutationFilter
{
    HashSet<string> _jids = [];
    byte[] _jobType = [];
    GlobPattern? _pattern;

    internal bool Matches(JobRecord job)
    {
        if (_jids.Count > 0)
            return _jids.Contains(Encoding.UTF8.GetString(job.Jid));
        return (_pattern is null || _pattern.Matches(job.Json.Span)) && (_jobType.Length == 0 || IsOfType(job.Json.Span));
    }

    /// <summary>Reads the object at which the reader stands; null counts as an empty one.</summary>
    /// <exception cref="JsonException">Not an object, or a member is of the wrong type.</exception>
    internal static MutationFilter Read(ref Utf8JsonReader reader)
    {
        var filter = new MutationFilter();
        if (reader.TokenType == JsonTokenType.Null)
            return filter;
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException("filter must be an object");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = JobText.NameOf(ref reader);
            reader.Read();
            if (name.Equals("jids", StringComparison.OrdinalIgnoreCase))
                filter._jids = ReadJids(ref reader);
            else if (name.Equals("jobtype", StringComparison.OrdinalIgnoreCase))
                filter._jobType = JobText.Bytes(ref reader, name);
            else if (name.Equals("regexp", StringComparison.OrdinalIgnoreCase))
                filter._pattern = JobText.Bytes(ref reader, name) is { Length: > 0 } pattern ? new GlobPattern(pattern) : null;
            else
                reader.Skip();
        }
        return filter;
    }

    static HashSet<string> ReadJids(ref Utf8JsonReader reader)
    {
        var jids = new HashSet<string>(StringComparer.Ordinal);
        if (reader.TokenType == JsonTokenType.Null)
            return jids;
        if (reader.TokenType != JsonTokenType.StartArray)
            throw new JsonException("jids must be an array");
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            jids.Add(JobText.String(ref reader, "jids"));
        return jids;
    }

    bool IsOfType(ReadOnlySpan<byte> json)
    {
        var type = new Utf8JsonReader(json[JobFields.Read(json).ValueOf(JobKey.JobType)]);
        return type.Read() && type.TokenType == JsonTokenType.String && type.ValueTextEquals(_jobType);
    }
}
