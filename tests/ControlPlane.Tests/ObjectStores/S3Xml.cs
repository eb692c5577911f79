using System.Collections.Concurrent;
using System.Xml.Linq;
using Microsoft.AspNetCore.Http;

namespace ControlPlane.Tests.ObjectStores;

/// <summary>The XML that S3 answers with.</summary>
static class S3Xml
{
    static readonly XNamespace Space = "http://s3.amazonaws.com/doc/2006-03-01/";

    internal static Task ErrorAsync(HttpContext http, int status, string code)
    {
        http.Response.StatusCode = status;
        return http.Request.Method == "HEAD" ? Task.CompletedTask : WriteAsync(http, new XElement("Error", new XElement("Code", code), new XElement("Message", code)));
    }

    internal static Task ListAsync(HttpContext http, ConcurrentDictionary<string, S3Object> objects, string prefix, string after)
    {
        var rest = objects.Where(o => o.Key.StartsWith(prefix, StringComparison.Ordinal) && string.CompareOrdinal(o.Key, after) > 0)
            .OrderBy(o => o.Key, StringComparer.Ordinal).ToList();
        var page = rest.Take(S3Double.PageSize).ToList();
        return WriteAsync(http, new XElement(Space + "ListBucketResult",
            new XElement(Space + "IsTruncated", rest.Count > page.Count),
            rest.Count > page.Count ? new XElement(Space + "NextContinuationToken", page[^1].Key) : null,
            page.Select(o => new XElement(Space + "Contents",
                new XElement(Space + "Key", o.Key),
                new XElement(Space + "Size", o.Value.Bytes.Length),
                new XElement(Space + "LastModified", Time(o.Value.ModifiedAt))))));
    }

    internal static Task UploadsAsync(HttpContext http, ConcurrentDictionary<string, S3Upload> uploads) =>
        WriteAsync(http, new XElement(Space + "ListMultipartUploadsResult",
            new XElement(Space + "IsTruncated", false),
            uploads.Select(u => new XElement(Space + "Upload",
                new XElement(Space + "Key", u.Value.Key),
                new XElement(Space + "UploadId", u.Key),
                new XElement(Space + "Initiated", Time(u.Value.InitiatedAt))))));

    internal static Task BegunAsync(HttpContext http, string key, string id) =>
        WriteAsync(http, new XElement(Space + "InitiateMultipartUploadResult", new XElement(Space + "Key", key), new XElement(Space + "UploadId", id)));

    internal static Task CompletedAsync(HttpContext http, string key) =>
        WriteAsync(http, new XElement(Space + "CompleteMultipartUploadResult", new XElement(Space + "Key", key)));

    static Task WriteAsync(HttpContext http, XElement root)
    {
        http.Response.ContentType = "application/xml";
        return http.Response.WriteAsync(new XDocument(root).ToString(SaveOptions.DisableFormatting));
    }

    static string Time(DateTimeOffset at) => at.ToString("yyyy-MM-ddTHH:mm:ss.fffZ");
}
