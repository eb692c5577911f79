using ControlPlane.Core.Ids;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace ControlPlane.Core.Data;

/// <summary>Ids are uuid columns.</summary>
sealed class IdConverter<TId>() : ValueConverter<TId, Guid>(id => id.Value, value => Wrap(value)) where TId : struct, IPrefixedId<TId>
{
    // An expression tree cannot call a static abstract member itself.
    static TId Wrap(Guid value) => TId.From(value);
}
