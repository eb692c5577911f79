using System.Buffers.Binary;
using ControlPlane.Client;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Http;

/// <summary>Pages of a list that only grows at its end and whose items have no id of their own: the cursor says how many came before.</summary>
static class OffsetPaging
{
    internal static async Task<Page<TResource>> ReadByOffsetAsync<TEntity, TResource>(this IOrderedQueryable<TEntity> query, PageRequest page, Func<TEntity, TResource> toResource, CancellationToken cancel)
    {
        var offset = page.TryGetPosition(out var position) && position is { } at ? Math.Max(0, BinaryPrimitives.ReadInt32BigEndian(at.ToByteArray(bigEndian: true))) : 0;
        var items = await query.Skip(offset).Take(page.Size + 1).ToListAsync(cancel);
        var next = items.Count > page.Size ? PageRequest.ToCursor(ToPosition(offset + page.Size)) : null;
        return new Page<TResource>([.. items.Take(page.Size).Select(toResource)], next);
    }

    static Guid ToPosition(int offset)
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteInt32BigEndian(bytes, offset);
        return new Guid(bytes, bigEndian: true);
    }
}
