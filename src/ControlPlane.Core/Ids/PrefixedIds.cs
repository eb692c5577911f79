namespace ControlPlane.Core.Ids;

/// <summary>Texts of several kinds of ids, sorted out.</summary>
public static class PrefixedIds
{
    /// <summary>Those of one kind, and no others.</summary>
    public static List<TId> ParseAll<TId>(IEnumerable<string> texts) where TId : struct, IPrefixedId<TId>
    {
        var found = new List<TId>();
        foreach (var text in texts)
            if (PrefixedId.TryParse<TId>(text, out var id))
                found.Add(id);
        return found;
    }
}
