namespace ControlPlane.Core.Documents;

/// <summary>Section <c>Documents</c>.</summary>
public sealed class DocumentOptions
{
    /// <summary>Debian's program of that name (WeasyPrint, BSD). Where it is missing there is no PDF, and HTML as ever.</summary>
    public string Weasyprint { get; set; } = "/usr/bin/weasyprint";

    /// <summary>util-linux's program, which takes the network away from the one above; where the kernel allows no namespaces, it runs as it is.</summary>
    public string Unshare { get; set; } = "/usr/bin/unshare";

    public TimeSpan TimeLimit { get; set; } = TimeSpan.FromSeconds(60);
    public int HtmlCharactersMax { get; set; } = 4_000_000;
    public int PdfBytesMax { get; set; } = 20_000_000;

    /// <summary>Each takes a processor and up to some hundred megabytes; more wait.</summary>
    public int AtATimeMax { get; set; } = 2;
}
