using System.Text.Encodings.Web;
using System.Text.Json;

namespace Faktory.Server.Commands;

static class Json
{
    /// <summary>Replies are read by clients, never put into a page: only what JSON demands is escaped.</summary>
    internal static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
