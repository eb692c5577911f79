using System.Xml.Linq;

namespace ControlPlane.Web.Components;

/// <summary>The drawings of icons.svg by name, read once.</summary>
static class Icons
{
    static readonly Dictionary<string, string> drawings = Load();

    /// <exception cref="KeyNotFoundException">vendor.sh does not list it.</exception>
    public static string Drawing(string name) => drawings[name];

    static Dictionary<string, string> Load()
    {
        using var file = typeof(Icons).Assembly.GetManifestResourceStream("icons.svg")!;
        return XDocument.Load(file).Root!.Elements().ToDictionary(
            symbol => symbol.Attribute("id")!.Value,
            symbol => string.Concat(symbol.Elements().Select(Draw)));
    }

    static string Draw(XElement shape) =>
        $"<{shape.Name.LocalName} {string.Join(' ', shape.Attributes().Where(a => !a.IsNamespaceDeclaration).Select(a => $"{a.Name.LocalName}=\"{a.Value}\""))}/>";
}
