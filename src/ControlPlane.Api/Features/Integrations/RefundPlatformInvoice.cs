using System.Globalization;
using ControlPlane.Api.Http;
using ControlPlane.Api.Resellers;
using ControlPlane.Api.Resources;
using ControlPlane.Client;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Operations;
using ControlPlane.Core.Organizations;
using ControlPlane.Core.Resellers;
using ControlPlane.Core.Resellers.Platforms;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Integrations;

/// <summary>POST /v1/reseller/integrations/{id}/refunds: what a customer has paid to a platform that bills for us, which is Vercel alone.</summary>
static class RefundPlatformInvoice
{
    static readonly Problem NotFound = new("platform_invoice_not_found", 404, "This integration has sent no such invoice of this installation.");
    static readonly Problem TooLarge = new("platform_refund_too_large", 400, "No more than what was invoiced can be given back.");
    static readonly Problem Known = new("platform_invoice_refunded", 409, "This invoice is given back already, once and for all.");

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/reseller/integrations/{id}/refunds", HandleAsync)
        .Describe("Integrations", "refund_platform_invoice", "Give back what a platform took", "Asks Vercel to refund an invoice that we sent it, in whole or in part, once. Follow the operation: Vercel may be away, and may refuse.")
        .AllowReseller(Role.Admin, TokenScopes.ResellerWrite)
        .Example(new RefundPlatformInvoiceRequest("icfg_1", "icfg_1-2026-11", 1250, "An hour without the service"))
        .Answers<OperationResource>(202)
        .Refuses(Integrating.NotFound, NotFound, TooLarge, Known);

    static async Task<Answer<OperationResource>> HandleAsync(
        string id, RefundPlatformInvoiceRequest request, Caller caller, ResellerCaller by, Integrating integrating, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        if (await integrating.FindAsync(by, id, cancel) is not { } integration)
            return Integrating.NotFound;
        // Of one that has ended as well. Locked, so that one of two asks.
        var (owner, kind) = (integration.Id, PlatformRecordKinds.Installation);
        await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtextextended({$"{owner} refund {request.Invoice}"}, 12))", cancel);
        if (integration.Dialect != Dialect.Vercel
            || await db.PlatformRecords.SingleOrDefaultAsync(r => r.IntegrationId == owner && r.Kind == kind && r.ExternalId == request.Installation, cancel) is not { } record
            || record.Read<VercelInstallation>().Invoices?.LastOrDefault(i => i.ExternalId == request.Invoice) is not { } invoice)
            return NotFound;
        if (request.AmountMinor > invoice.AmountMinor)
            return TooLarge;
        var subject = PlatformCalling.SubjectOf(record, invoice.InvoiceId);
        if (await db.Operations.AnyAsync(o => o.Subject == subject && o.State != OperationState.Failed, cancel))
            return Known;
        var operation = db.CallPlatform(record, new PlatformRefund(invoice.InvoiceId, (request.AmountMinor / 100m).ToString("0.00", CultureInfo.InvariantCulture), request.Reason), clock);
        db.Write(caller.Organization, caller.Actor, "platform.refunded", integration.Id.ToString(), string.Create(CultureInfo.InvariantCulture, $"{request.AmountMinor} cents of {request.Invoice}: {request.Reason}"), clock);
        return Answer.Accepted(operation.ToResource(), operation.Id, async waited => await db.ReadOperationAsync(operation.Id, waited));
    }
}
