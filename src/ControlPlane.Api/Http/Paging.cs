using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Linq.Expressions;
using ControlPlane.Client;
using ControlPlane.Core.Ids;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Http;

/// <summary>Which page of a list is asked for.</summary>
sealed record PageRequest
{
    internal const int SizeMax = 100;
    const int SizeDefault = 50;
    const char SecondPart = '~';

    /// <summary>next_cursor of the page before.</summary>
    [FromQuery(Name = "cursor")]
    public string? Cursor { get; init; }

    /// <summary>How many items, 1 to 100; 50 when left out.</summary>
    [FromQuery(Name = "limit")]
    public int? Limit { get; init; }

    internal int Size => Limit ?? SizeDefault;

    internal Problem? Refusal => Limit is < 1 or > SizeMax ? Problems.LimitInvalid : TryGetPosition(out _) ? null : Problems.CursorInvalid;

    /// <summary>Of a list in two parts, as alerts are: the cursor points into the second one.</summary>
    internal bool IsInSecondPart => Cursor?.StartsWith(SecondPart) == true;

    /// <returns>False when the cursor is none of ours; a null position is the first page.</returns>
    internal bool TryGetPosition(out Guid? position)
    {
        position = null;
        if (Cursor is null)
            return true;
        var text = Cursor.AsSpan(IsInSecondPart ? 1 : 0);
        if (!Base64Url.IsValid(text, out var length) || length != 16)
            return false;
        position = new Guid(Base64Url.DecodeFromChars(text), bigEndian: true);
        return true;
    }

    internal static string ToCursor(Guid position, bool isInSecondPart = false) =>
        (isInSecondPart ? SecondPart.ToString() : "") + Base64Url.EncodeToString(position.ToByteArray(bigEndian: true));
}

/// <summary>Reads lists a page at a time, the newest first. Ids grow with time, so a page stays what it was while others are added.</summary>
static class Paging
{
    /// <param name="id">The id that the list is sorted by.</param>
    internal static async Task<(List<TEntity> Items, string? NextCursor)> ReadPageAsync<TEntity, TId>(
        this IQueryable<TEntity> query, Expression<Func<TEntity, TId>> id, PageRequest page, CancellationToken cancel) where TId : struct, IPrefixedId<TId>
    {
        if (!page.TryGetPosition(out var position))
            throw new InvalidOperationException("the cursor was not checked");
        if (position is { } last)
            query = query.Where(IsBefore(id, TId.From(last)));
        var items = await query.OrderByDescending(id).Take(page.Size + 1).ToListAsync(cancel);
        if (items.Count <= page.Size)
            return (items, null);
        items.RemoveAt(page.Size);
        return (items, PageRequest.ToCursor(id.Compile()(items[^1]).Value));
    }

    internal static Page<TResource> Select<TEntity, TResource>(this (List<TEntity> Items, string? NextCursor) page, Func<TEntity, TResource> toResource) =>
        new([.. page.Items.Select(toResource)], page.NextCursor);

    /// <summary>The database compares ids; C# has no operator for them, so the expression carries a stand-in that is never called.</summary>
    static Expression<Func<TEntity, bool>> IsBefore<TEntity, TId>(Expression<Func<TEntity, TId>> id, TId last)
    {
        Expression<Func<TId>> captured = () => last;
        return Expression.Lambda<Func<TEntity, bool>>(
            Expression.LessThan(id.Body, captured.Body, liftToNull: false, typeof(Paging).GetMethod(nameof(Compare), System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)!.MakeGenericMethod(typeof(TId))), id.Parameters);
    }

    [ExcludeFromCodeCoverage]
    static bool Compare<TId>(TId left, TId right) => throw new InvalidOperationException("only the database compares ids");
}
