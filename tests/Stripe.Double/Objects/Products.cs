using System.Text.Json.Nodes;
using Stripe.Double.Http;
using Stripe.Double.State;

namespace Stripe.Double.Objects;

static class Products
{
    static readonly string[] settable =
        ["active", "description", "images", "marketing_features", "metadata", "name", "package_dimensions", "shippable", "statement_descriptor", "tax_code", "unit_label", "url"];

    internal static void Map(Routes routes)
    {
        routes.Post<ProductCreateOptions>("/v1/products", Create);
        routes.Retrieve("/v1/products/{id}", "product");
        routes.Post<ProductUpdateOptions>("/v1/products/{id}", Update);
        routes.Delete<BaseOptions>("/v1/products/{id}", Delete);
        routes.Get<ProductListOptions>("/v1/products", List);
        routes.Get<ProductSearchOptions>("/v1/products/search", call => Search.Page(call, "product"));
    }

    static JsonObject Create(Call call)
    {
        var product = New(call.World, call.Sent.Str("id"), call.Need("name")).Take(call.Sent, settable);
        if (call.Sent.Obj("default_price_data") is { } price)
            product["default_price"] = Prices.New(call.World, product, price).Id();
        call.World.Emit("product.created", product);
        return product;
    }

    internal static JsonObject New(World world, string? id, string name)
    {
        if (world.Store[id] is not null)
            throw Refusal.Invalid($"Product already exists.", "id", "resource_already_exists");
        var product = world.New<Product>("prod", new
        {
            name,
            active = true,
            images = Array.Empty<string>(),
            marketing_features = Array.Empty<string>(),
            type = "service",
            updated = world.Now,
        });
        product["id"] = id ?? world.Ids.Next("prod", 14);
        return world.Store.Add(product);
    }

    static JsonObject Update(Call call) => call.World.Change(call.Found("product"), "product.updated", product =>
    {
        if (call.Sent.Str("default_price") is { } price && call.World.Find("price", price, "default_price").Str("product") != product.Id())
            throw Refusal.Invalid("The price specified as the default price must belong to the product.", "default_price");
        product.Take(call.Sent, [.. settable, "default_price"]).Set(new { updated = call.Now });
    });

    static JsonObject Delete(Call call)
    {
        var product = call.Found("product");
        if (call.World.Store.Where("price", "product", product.Id()).Count > 0)
            throw Refusal.Invalid("This product cannot be deleted because it has one or more user-created prices.");
        call.World.Store.Remove(product);
        call.World.Emit("product.deleted", product);
        return Json.Of(new { id = product.Id(), @object = "product", deleted = true });
    }

    static JsonObject List(Call call)
    {
        IEnumerable<JsonObject> rows = call.World.Store.All("product");
        if (call.Sent.Arr("ids") is not null)
            rows = rows.Where(row => call.Sent.Strings("ids").Contains(row.Id()));
        return Lists.Page(call, rows, "active", "type", "url", "shippable");
    }
}
