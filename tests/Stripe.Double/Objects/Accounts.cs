using System.Text.Json.Nodes;
using Stripe.Double.Http;
using Stripe.Double.State;

namespace Stripe.Double.Objects;

/// <summary>Connected accounts. A new one has everything to prove; the control API lets it pass, or takes it back.</summary>
static class Accounts
{
    static readonly string[] asked = ["external_account", "tos_acceptance.date", "tos_acceptance.ip"];

    internal static void Map(Routes routes)
    {
        routes.Post<AccountCreateOptions>("/v1/accounts", Create);
        routes.Get<BaseOptions>("/v1/account", call => call.World.Account is { } id ? call.World.Store[id]! : Platform(call.World));
        routes.Get<BaseOptions>("/v1/accounts/{id}", Retrieve);
        routes.Post<AccountUpdateOptions>("/v1/accounts/{id}", call => call.World.Change(Retrieve(call), "account.updated", account => account.Take(call.Sent, "business_type", "email", "metadata", "default_currency")));
        routes.Delete<BaseOptions>("/v1/accounts/{id}", Delete);
        routes.Get<AccountListOptions>("/v1/accounts", call => call.List("account"));
        routes.Post<AccountLinkCreateOptions>("/v1/account_links", Link);
        routes.Post<AccountLoginLinkCreateOptions>("/v1/accounts/{id}/login_links", call => Json.Of(new { @object = "login_link", created = call.Now, url = $"https://connect.stripe.com/express/{Retrieve(call).Id()}" }));
    }

    static JsonObject Create(Call call)
    {
        var account = New(call.World, call.Sent);
        call.World.Store.Add(account).Take(call.Sent, "business_type", "email", "metadata");
        if (call.Sent["external_account"] is not null)
            AddBank(call.World, account);
        call.World.Emit("account.updated", account);
        return account;
    }

    static JsonObject New(World world, JsonObject sent)
    {
        var account = world.New<Account>("acct", new
        {
            business_profile = new { annual_revenue = (object?)null, estimated_worker_count = (long?)null, mcc = (string?)null, minority_owned_business_designation = (object?)null, name = sent.Str("business_profile.name"), product_description = (string?)null, support_address = (object?)null, support_email = (string?)null, support_phone = (string?)null, support_url = (string?)null, url = sent.Str("business_profile.url") },
            capabilities = new JsonObject((sent.Obj("capabilities") ?? []).Where(pair => pair.Value is JsonObject wish && wish.Is("requested")).Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)"inactive"))),
            controller = sent.Str("type") == "standard" ? Json.Of(new { type = "account" }) : Json.Of(new { fees = new { payer = "application" }, is_controller = true, losses = new { payments = "application" }, requirement_collection = "stripe", stripe_dashboard = new { type = sent.Str("controller.stripe_dashboard.type") ?? "express" }, type = "application" }),
            country = sent.Str("country") ?? world.Options.Country,
            default_currency = sent.Str("default_currency") ?? world.Options.Currency,
            future_requirements = Requirements([], null),
            requirements = Requirements(asked, "requirements.past_due"),
            settings = Settings(),
            tos_acceptance = new { date = (long?)null, ip = (string?)null, user_agent = (string?)null },
            type = sent.Str("type") ?? (sent.ContainsKey("controller") ? "none" : "standard"),
        });
        account["id"] = world.Ids.Next("acct", 16);
        return account;
    }

    static JsonObject Retrieve(Call call) => call.World.Store[call.Id] is { } account && account.Str("object") == "account" ? account
        : throw new Refusal(403, "invalid_request_error", "account_invalid", $"The provided key does not have access to account '{call.Id}' (or that account does not exist). Application access may have been revoked.");

    static JsonObject Delete(Call call)
    {
        var account = Retrieve(call);
        if (BalanceTransactions.Balance(call.World, account.Id()).Objects("available").Concat(BalanceTransactions.Balance(call.World, account.Id()).Objects("pending")).Any(amount => amount.Long("amount") != 0))
            throw Refusal.Invalid("This account has a balance that is not zero and cannot be deleted.");
        call.World.Store.Remove(account);
        return Json.Of(new { id = account.Id(), @object = "account", deleted = true });
    }

    static JsonObject Link(Call call)
    {
        var account = call.World.Store[call.Need("account")] ?? throw Refusal.NoSuch("account", call.Sent.Str("account"), "account");
        return Json.Of(new { @object = "account_link", created = call.Now, expires_at = call.Now + 300, url = $"https://connect.stripe.com/setup/e/{account.Id()}/{call.World.Ids.Next("l", 12)[2..]}" });
    }

    /// <summary>What onboarding ends with: charges and payouts are allowed, and there is a bank account.</summary>
    internal static JsonObject Enable(World world, JsonObject account, bool isEnabled)
    {
        if (isEnabled && world.Store.Where("bank_account", "account", account.Id()).Count == 0)
            AddBank(world, account);
        return world.Change(account, "account.updated", _ =>
        {
            account.Set(new { charges_enabled = isEnabled, payouts_enabled = isEnabled, details_submitted = true, requirements = isEnabled ? Requirements([], null) : Requirements(["individual.verification.document"], "requirements.past_due") });
            foreach (var capability in account.Obj("capabilities")!.Select(pair => pair.Key).ToList())
            {
                account["capabilities"]![capability] = isEnabled ? "active" : "inactive";
                world.Emit("capability.updated", Json.Of(new { id = capability, @object = "capability", account = account.Id(), future_requirements = Requirements([], null), requested = true, requested_at = account.Long("created"), requirements = Requirements([], null), status = isEnabled ? "active" : "inactive", _account = account.Id() }));
            }
        });
    }

    internal static void Deauthorize(World world, JsonObject account) =>
        world.Emit("account.application.deauthorized", Json.Of(new { id = "ca_double", @object = "application", name = "Stripe double", _account = account.Id() }));

    static void AddBank(World world, JsonObject account) => world.Store.Add(Json.Of(new
    {
        id = world.Ids.Next("ba"),
        @object = "bank_account",
        account = account.Id(),
        account_holder_name = (string?)null,
        account_holder_type = "company",
        account_type = (string?)null,
        available_payout_methods = new[] { "standard" },
        bank_name = "STRIPE TEST BANK",
        country = account.Str("country"),
        currency = account.Str("default_currency"),
        default_for_currency = true,
        fingerprint = world.Ids.Next("f", 16)[2..],
        last4 = "6789",
        metadata = new { },
        routing_number = "110000000",
        status = "new",
    }));

    static JsonObject Platform(World world) => New(world, Json.Of(new { type = "standard" })).Set(new { id = "acct_double", charges_enabled = true, payouts_enabled = true, details_submitted = true, requirements = Requirements([], null) });

    static object Requirements(string[] due, string? disabled) => new
    {
        alternatives = Array.Empty<object>(),
        current_deadline = (long?)null,
        currently_due = due,
        disabled_reason = disabled,
        errors = Array.Empty<object>(),
        eventually_due = due,
        past_due = due,
        pending_verification = Array.Empty<string>(),
    };

    static object Settings() => new
    {
        bacs_debit_payments = new { display_name = (string?)null, service_user_number = (string?)null },
        branding = new { icon = (string?)null, logo = (string?)null, primary_color = (string?)null, secondary_color = (string?)null },
        card_issuing = new { tos_acceptance = new { date = (long?)null, ip = (string?)null } },
        card_payments = new { decline_on = new { avs_failure = false, cvc_failure = false }, statement_descriptor_prefix = (string?)null, statement_descriptor_prefix_kana = (string?)null, statement_descriptor_prefix_kanji = (string?)null },
        dashboard = new { display_name = (string?)null, timezone = "Etc/UTC" },
        invoices = new { default_account_tax_ids = (object?)null, hosted_payment_method_save = (string?)null },
        payments = new { statement_descriptor = (string?)null, statement_descriptor_kana = (string?)null, statement_descriptor_kanji = (string?)null },
        payouts = new { debit_negative_balances = true, schedule = new { delay_days = 2, interval = "manual" }, statement_descriptor = (string?)null },
        sepa_debit_payments = new { },
    };
}
