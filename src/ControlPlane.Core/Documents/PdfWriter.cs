using System.ComponentModel;
using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ControlPlane.Core.Documents;

/// <summary>There is no PDF: the program is missing, took too long, or refused.</summary>
public sealed class PdfUnavailableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>
/// Makes a PDF of a document by WeasyPrint, a process of its own without network, environment and files of ours. Documents load nothing, so nothing is lost. Safe for any number of callers.
/// </summary>
public sealed class PdfWriter(IOptions<DocumentOptions> options, TimeProvider clock) : IDisposable
{
    readonly SemaphoreSlim free = new(options.Value.AtATimeMax);
    bool? hasNamespaces;

    public bool IsAvailable => File.Exists(options.Value.Weasyprint);

    /// <exception cref="PdfUnavailableException">See there.</exception>
    public async Task<byte[]> WriteAsync(HtmlDocument document, CancellationToken cancel)
    {
        var html = document.ToString();
        if (!IsAvailable)
            throw new PdfUnavailableException($"{options.Value.Weasyprint} is not installed");
        if (html.Length > options.Value.HtmlCharactersMax)
            throw new PdfUnavailableException($"the document has {html.Length} characters, and {options.Value.HtmlCharactersMax} is the limit");
        await free.WaitAsync(cancel);
        try
        {
            hasNamespaces ??= await RunsAsync(options.Value.Unshare, [.. withoutNetwork, "true"], cancel);
            return await ConvertAsync(html, cancel);
        }
        finally
        {
            free.Release();
        }
    }

    public void Dispose() => free.Dispose();

    static readonly string[] withoutNetwork = ["--user", "--net", "--"];

    async Task<byte[]> ConvertAsync(string html, CancellationToken cancel)
    {
        string[] command = [options.Value.Weasyprint, "--quiet", "--encoding", "utf-8", "-", "-"];
        using var process = hasNamespaces == true ? Start(options.Value.Unshare, [.. withoutNetwork, .. command]) : Start(command[0], command[1..]);
        using var limit = new CancellationTokenSource(options.Value.TimeLimit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
        try
        {
            var said = process.StandardError.ReadToEndAsync(either.Token);
            var pdf = ReadAsync(process.StandardOutput.BaseStream, either.Token);
            await process.StandardInput.WriteAsync(html.AsMemory(), either.Token);
            process.StandardInput.Close();
            var bytes = await pdf;
            await process.WaitForExitAsync(either.Token);
            return process.ExitCode == 0 && bytes.AsSpan().StartsWith("%PDF-"u8) ? bytes : throw new PdfUnavailableException($"weasyprint ended with {process.ExitCode}: {await said}");
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            throw new PdfUnavailableException($"weasyprint took longer than {options.Value.TimeLimit}");
        }
        catch (IOException broken)
        {
            throw new PdfUnavailableException("weasyprint ended before it had read the document", broken);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    async Task<byte[]> ReadAsync(Stream output, CancellationToken cancel)
    {
        using var pdf = new MemoryStream();
        var buffer = new byte[64 * 1024];
        while (await output.ReadAsync(buffer, cancel) is var count and > 0)
        {
            await pdf.WriteAsync(buffer.AsMemory(0, count), cancel);
            if (pdf.Length > options.Value.PdfBytesMax)
                throw new PdfUnavailableException($"the PDF is larger than {options.Value.PdfBytesMax} bytes");
        }
        return pdf.ToArray();
    }

    static Process Start(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        // Connection strings and passwords of ours are in the environment.
        start.Environment.Clear();
        start.Environment["PATH"] = "/usr/bin:/bin";
        start.Environment["LANG"] = "C.UTF-8";
        start.Environment["HOME"] = "/nonexistent";
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception missing)
        {
            throw new PdfUnavailableException($"{program} does not start", missing);
        }
    }

    static async Task<bool> RunsAsync(string program, IEnumerable<string> arguments, CancellationToken cancel)
    {
        if (!File.Exists(program))
            return false;
        using var process = Start(program, arguments);
        await process.WaitForExitAsync(cancel);
        return process.ExitCode == 0;
    }
}

public static class DocumentsSetup
{
    public static IServiceCollection AddDocuments(this IServiceCollection services, Microsoft.Extensions.Configuration.IConfiguration configuration)
    {
        services.TryAddSingleton<PdfWriter>();
        return services.Configure<DocumentOptions>(configuration.GetSection("Documents"));
    }
}
