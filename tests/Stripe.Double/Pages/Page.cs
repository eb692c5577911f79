using System.Globalization;
using System.Net;

namespace Stripe.Double.Pages;

/// <summary>The look of the double's pages: plainly no page of Stripe's.</summary>
static class Page
{
    const string Style = """
        :root { color-scheme: light dark; --line: light-dark(#d5dae1, #3b4350); --quiet: light-dark(#5b6472, #a9b3c1); --card: light-dark(#fff, #1c222b); --mark: light-dark(#8a4b00, #ffc36b) }
        * { box-sizing: border-box } body { margin: 0; background: light-dark(#f4f6f9, #12161c); font: 1rem/1.5 system-ui, sans-serif }
        main { max-width: 30rem; margin: 2rem auto; padding: 1.5rem; background: var(--card); border: 1px solid var(--line); border-radius: .75rem } @media (max-width: 32rem) { main { margin: 0; border: 0; border-radius: 0; min-height: 100vh } }
        h1 { font-size: 1.35rem; margin: 0 0 .25rem } .mark { color: var(--mark); font-weight: 600; margin: 0 0 1.25rem } .quiet { color: var(--quiet) }
        table { width: 100%; border-collapse: collapse; margin: 0 0 1.25rem } td { padding: .5rem 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere } td:last-child { text-align: right; white-space: nowrap; padding-left: 1rem; font-variant-numeric: tabular-nums } tr.sum td { font-weight: 600; border: 0 }
        label { display: block; font-weight: 600; margin: 0 0 .35rem } select, button, a.back { display: block; width: 100%; font: inherit; padding: .65rem .75rem; border-radius: .5rem; border: 1px solid light-dark(#7d8796, #6f7b8c); background: transparent; color: inherit; text-align: center; text-decoration: none }
        select { text-align: left; margin: 0 0 1rem; background: var(--card) } button { background: #0b57d0; border-color: #0b57d0; color: #fff; font-weight: 600; cursor: pointer; margin: 0 0 .75rem } .error { border-left: 4px solid #d92d20; padding: .5rem .75rem; margin: 0 0 1rem }
        """;

    /// <param name="body">Markup; whatever comes from outside of this program is encoded in it.</param>
    internal static IResult Of(string title, string body, int status = 200) => Results.Content($"""
        <!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{Text(title)}, simulated</title><link rel="icon" href="data:,"><style>{Style}</style></head>
        <body><main><h1>{Text(title)}</h1><p class="mark">Simulated Stripe: no money moves, and no card is asked for.</p>{body}</main></body></html>
        """, "text/html; charset=utf-8", null, status);

    internal static string Text(string? text) => WebUtility.HtmlEncode(text ?? "");

    internal static string Row(string what, string amount, string style = "") => $"""<tr class="{style}"><td>{Text(what)}</td><td>{Text(amount)}</td></tr>""";

    internal static string Amount(long minor, string? currency)
    {
        var digits = Invoicing.Money.Digits(currency ?? "");
        return $"{(minor / (decimal)Math.Pow(10, digits)).ToString($"N{digits}", CultureInfo.InvariantCulture)} {currency?.ToUpperInvariant()}";
    }

    internal static string Error(string? text) => text is null ? "" : $"""<p class="error" role="alert">{Text(text)}</p>""";

    internal static string Cards() => $"""
        <label for="card">Card</label><select id="card" name="card">{string.Concat(Objects.TestCards.All.Select(card => $"""<option value="{Text(card.Token)}">{Text(Words(card))}</option>"""))}</select>
        """;

    static string Words(Objects.TestCard card) => $"{char.ToUpperInvariant(card.Brand[0])}{card.Brand[1..]} •••• {card.Last4}, {card.Does switch
    {
        Objects.CardDoes.Pay => "pays",
        Objects.CardDoes.Decline => "declines when it is charged",
        Objects.CardDoes.DeclineForFunds => "has too little money",
        Objects.CardDoes.DeclineOnAttach => "declines",
        Objects.CardDoes.WantAuthentication => "asks its owner each time",
        Objects.CardDoes.OpenDispute => "is disputed afterwards",
        Objects.CardDoes.OpenInquiry => "is asked about afterwards",
        Objects.CardDoes.FailRefunds => "sends refunds back",
        Objects.CardDoes.DelayRefunds => "takes refunds late",
        Objects.CardDoes.SettleAtOnce => "is available at once",
        _ => "",
    }}";
}
