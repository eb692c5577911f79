using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Client;
using ControlPlane.Core.Billing;
using ControlPlane.Core.Documents;
using ControlPlane.Core.Ledger;
using ControlPlane.Core.Ledger.Statements;

namespace ControlPlane.Api.Rules;

/// <summary>A party's month in the form that is asked for, whoever may read it.</summary>
static class StatementAnswer
{
    static readonly Problem FormatInvalid = new("invalid_format", 400, "A statement can be had as json, csv, html and pdf.");

    internal const string Description =
        "As JSON, CSV, HTML or PDF, all of the same rows: by the Accept header, or by what the path ends with (`USD.pdf`). Of a month that is not closed it is a draft without a number.";

    internal static Problem[] Refusals { get; } = [PartyReading.MonthInvalid, PartyReading.CurrencyInvalid, FormatInvalid, DocumentAnswer.PdfUnavailable];

    /// <param name="currency">With the ending that says the form, if there is one.</param>
    internal static async Task<IResult> AnswerAsync(
        HttpContext context, Party party, string month, string currency, Func<Currency, DateOnly, Task<StatementSheet>> read, PdfWriter pdf, ILogger logger, CancellationToken cancel)
    {
        var format = DocumentAnswer.FormatOf(context.Request, ref currency);
        if (!StatementResources.TryParseMonth(month, out var first))
            return (Answer<StatementResource>)PartyReading.MonthInvalid;
        if (!Currency.TryParse(currency, out var known))
            return (Answer<StatementResource>)PartyReading.CurrencyInvalid;
        var sheet = await read(known, first);
        var name = $"statement-{sheet.NumberText ?? party.Id}-{month}-{known.Code}";
        return format switch
        {
            "json" => Answer.Ok(sheet.ToResource()),
            "csv" => DocumentAnswer.Csv(StatementCsv.Write(sheet.Statement, sheet.Mode), name),
            "html" => DocumentAnswer.Html(StatementDocument.Write(sheet), context),
            "pdf" => await DocumentAnswer.PdfAsync(StatementDocument.Write(sheet), name, pdf, logger, cancel),
            _ => (Answer<StatementResource>)FormatInvalid,
        };
    }
}
