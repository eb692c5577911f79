namespace ControlPlane.Client;

/// <content>How the caller's own organization is billed.</content>
public sealed partial class ControlPlaneClient
{
    public Task<Page<AddOnResource>> ListAddOnsAsync(CancellationToken cancel = default) => GetAsync<Page<AddOnResource>>("v1/add-ons", cancel);
    public Task<BillingResource> GetBillingAsync(CancellationToken cancel = default) => GetAsync<BillingResource>("v1/billing", cancel);
    public Task<BillingResource> UpdateBillingAsync(UpdateBillingRequest request, CancellationToken cancel = default) => SendAsync<BillingResource>(HttpMethod.Patch, "v1/billing", request, 0, cancel);
    public Task<PreviewResource> PreviewPlanChangeAsync(PreviewRequest request, CancellationToken cancel = default) => PostAsync<PreviewResource>("v1/billing/preview", request, cancel);
    public Task<ProviderPageResource> CheckOutAsync(CheckoutRequest request, CancellationToken cancel = default) => PostAsync<ProviderPageResource>("v1/billing/checkout", request, cancel);
    public Task<ProviderPageResource> OpenPaymentPageAsync(CancellationToken cancel = default) => PostAsync<ProviderPageResource>("v1/billing/payment-page", null, cancel);
    public Task<Page<InvoiceResource>> ListInvoicesAsync(string? cursor = null, CancellationToken cancel = default) => GetAsync<Page<InvoiceResource>>(Paged("v1/billing/invoices", cursor), cancel);
    public Task<InvoiceResource> GetInvoiceAsync(string id, CancellationToken cancel = default) => GetAsync<InvoiceResource>($"v1/billing/invoices/{id}", cancel);

    /// <param name="extension">html or pdf.</param>
    public Task<byte[]> GetInvoiceFileAsync(string id, string extension, CancellationToken cancel = default) => GetBytesAsync($"v1/billing/invoices/{id}.{extension}", "*/*", cancel);
    public Task<Page<PaymentResource>> ListPaymentsAsync(string? cursor = null, CancellationToken cancel = default) => GetAsync<Page<PaymentResource>>(Paged("v1/billing/payments", cursor), cancel);
    public Task<Page<CreditNoteResource>> ListCreditNotesAsync(string? cursor = null, CancellationToken cancel = default) => GetAsync<Page<CreditNoteResource>>(Paged("v1/billing/credit-notes", cursor), cancel);
    public Task<Page<UsageResource>> GetUsageAsync(CancellationToken cancel = default) => GetAsync<Page<UsageResource>>("v1/billing/usage", cancel);
    public Task<BillingResource> RedeemCouponAsync(RedeemCouponRequest request, CancellationToken cancel = default) => PostAsync<BillingResource>("v1/billing/coupons", request, cancel);
    public Task<BillingResource> AddAddOnAsync(AddAddOnRequest request, CancellationToken cancel = default) => PostAsync<BillingResource>("v1/billing/add-ons", request, cancel);
    public Task RemoveAddOnAsync(string id, CancellationToken cancel = default) => SendAsync<object?>(HttpMethod.Delete, $"v1/billing/add-ons/{id}", null, 0, cancel);
}
