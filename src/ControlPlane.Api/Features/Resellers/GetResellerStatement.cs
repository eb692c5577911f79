using ControlPlane.Api.Http;
using ControlPlane.Api.Resellers;
using ControlPlane.Api.Resources;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Billing;
using ControlPlane.Core.Data;
using ControlPlane.Core.Documents;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Ledger.Statements;
using ControlPlane.Core.Organizations;

namespace ControlPlane.Api.Features.Resellers;

/// <summary>GET /v1/reseller/statements/{month}/{currency}</summary>
static class GetResellerStatement
{
    static readonly Problem FormatInvalid = new("invalid_format", 400, "A statement can be had as json, csv, html and pdf.");

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/reseller/statements/{month}/{currency}", HandleAsync)
        .Describe("Resellers", "get_reseller_statement", "Read a month of yours",
            "As JSON, CSV, HTML or PDF, all of the same rows: by the Accept header, or by what the path ends with (`USD.pdf`). Of a month that is not closed it is a draft without a number.")
        .AllowReseller(Role.Billing, TokenScopes.BillingRead)
        .Answers<StatementResource>(200)
        .Refuses(PartyReading.MonthInvalid, PartyReading.CurrencyInvalid, FormatInvalid, DocumentAnswer.PdfUnavailable);

    static async Task<IResult> HandleAsync(string month, string currency, HttpContext context, ResellerCaller by, ControlPlaneDb db, PdfWriter pdf, ILoggerFactory logs, CancellationToken cancel)
    {
        var format = DocumentAnswer.FormatOf(context.Request, ref currency);
        if (!StatementResources.TryParseMonth(month, out var first))
            return (Answer<StatementResource>)PartyReading.MonthInvalid;
        if (!Currency.TryParse(currency, out var known))
            return (Answer<StatementResource>)PartyReading.CurrencyInvalid;
        var party = by.Reseller.Party;
        var sheet = await db.ReadInFleetAsync(() => db.ReadStatementSheetAsync(party, known, first, cancel));
        var name = $"statement-{sheet.NumberText ?? party.Id}-{month}-{known.Code}";
        return format switch
        {
            "json" => Answer.Ok(sheet.ToResource()),
            "csv" => DocumentAnswer.Csv(StatementCsv.Write(sheet.Statement), name),
            "html" => DocumentAnswer.Html(StatementDocument.Write(sheet), context),
            "pdf" => await DocumentAnswer.PdfAsync(StatementDocument.Write(sheet), name, pdf, logs.CreateLogger(typeof(GetResellerStatement)), cancel),
            _ => (Answer<StatementResource>)FormatInvalid,
        };
    }
}
