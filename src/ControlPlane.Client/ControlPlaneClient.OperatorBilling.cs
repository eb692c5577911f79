namespace ControlPlane.Client;

/// <content>How the operator bills everybody.</content>
public sealed partial class ControlPlaneClient
{
    public Task<Page<CustomerResource>> ListCustomersAsync(string? cursor = null, CancellationToken cancel = default) => GetAsync<Page<CustomerResource>>(Paged("v1/operator/customers", cursor), cancel);
    public Task<CustomerResource> GetCustomerAsync(string id, CancellationToken cancel = default) => GetAsync<CustomerResource>($"v1/operator/customers/{id}", cancel);
    public Task<CustomerResource> UpdateCustomerAsync(string id, UpdateCustomerRequest request, CancellationToken cancel = default) => SendAsync<CustomerResource>(HttpMethod.Patch, $"v1/operator/customers/{id}", request, 0, cancel);
    public Task<CustomerResource> AttributeCustomerAsync(string id, AttributeCustomerRequest request, CancellationToken cancel = default) => SendAsync<CustomerResource>(HttpMethod.Put, $"v1/operator/customers/{id}/reseller", request, 0, cancel);
    public Task<Page<OverrideResource>> ListOverridesAsync(string customer, string? cursor = null, CancellationToken cancel = default) => GetAsync<Page<OverrideResource>>(Paged($"v1/operator/customers/{customer}/overrides", cursor), cancel);
    public Task<OverrideResource> AddOverrideAsync(string customer, OverrideRequest request, CancellationToken cancel = default) => PostAsync<OverrideResource>($"v1/operator/customers/{customer}/overrides", request, cancel);
    public Task<OverrideResource> RevokeOverrideAsync(string id, CancellationToken cancel = default) => PostAsync<OverrideResource>($"v1/operator/overrides/{id}/revoke", null, cancel);

    /// <param name="state">open, overdue, paid, void or uncollectible.</param>
    /// <param name="organization">Only this customer's.</param>
    public Task<Page<InvoiceResource>> ListAllInvoicesAsync(string? state = null, string? organization = null, string? cursor = null, CancellationToken cancel = default) =>
        GetAsync<Page<InvoiceResource>>(Paged(Query("v1/operator/invoices", ("state", state), ("organization", organization)), cursor), cancel);
    public Task<InvoiceResource> GetAnyInvoiceAsync(string id, CancellationToken cancel = default) => GetAsync<InvoiceResource>($"v1/operator/invoices/{id}", cancel);

    /// <param name="extension">html or pdf.</param>
    public Task<byte[]> GetAnyInvoiceFileAsync(string id, string extension, CancellationToken cancel = default) => GetBytesAsync($"v1/operator/invoices/{id}.{extension}", "*/*", cancel);
    public Task<PaymentResource> RecordReceiptAsync(string invoice, RecordReceiptRequest request, CancellationToken cancel = default) => PostAsync<PaymentResource>($"v1/operator/invoices/{invoice}/receipts", request, cancel);
    public Task<InvoiceResource> VoidInvoiceAsync(string invoice, ReasonRequest request, CancellationToken cancel = default) => PostAsync<InvoiceResource>($"v1/operator/invoices/{invoice}/void", request, cancel);
    public Task<InvoiceResource> WriteOffInvoiceAsync(string invoice, ReasonRequest request, CancellationToken cancel = default) => PostAsync<InvoiceResource>($"v1/operator/invoices/{invoice}/write-off", request, cancel);
    public Task<CreditNoteResource> CreditInvoiceAsync(string invoice, AmountRequest request, CancellationToken cancel = default) => PostAsync<CreditNoteResource>($"v1/operator/invoices/{invoice}/credit", request, cancel);
    public Task<Page<PaymentResource>> ListAllPaymentsAsync(string? organization = null, string? cursor = null, CancellationToken cancel = default) =>
        GetAsync<Page<PaymentResource>>(Paged(Query("v1/operator/payments", ("organization", organization)), cursor), cancel);
    public Task<RefundResource> RefundPaymentAsync(string payment, AmountRequest request, CancellationToken cancel = default) => PostAsync<RefundResource>($"v1/operator/payments/{payment}/refunds", request, cancel);
    public Task<Page<RefundResource>> ListRefundsAsync(string? cursor = null, CancellationToken cancel = default) => GetAsync<Page<RefundResource>>(Paged("v1/operator/refunds", cursor), cancel);
    public Task<RefundResource> ApproveRefundAsync(string id, CancellationToken cancel = default) => PostAsync<RefundResource>($"v1/operator/refunds/{id}/approve", null, cancel);
    public Task<RefundResource> RejectRefundAsync(string id, CancellationToken cancel = default) => PostAsync<RefundResource>($"v1/operator/refunds/{id}/reject", null, cancel);
    public Task<RefundResource> SettleRefundAsync(string id, SettleRefundRequest request, CancellationToken cancel = default) => PostAsync<RefundResource>($"v1/operator/refunds/{id}/settle", request, cancel);
    public Task<RefundResource> FailRefundAsync(string id, ReasonRequest request, CancellationToken cancel = default) => PostAsync<RefundResource>($"v1/operator/refunds/{id}/fail", request, cancel);

    public Task<Page<PlanOfferResource>> ListOffersAsync(CancellationToken cancel = default) => GetAsync<Page<PlanOfferResource>>("v1/operator/plans", cancel);
    public Task<PlanOfferResource> AddPlanVersionAsync(string plan, PlanVersionRequest request, CancellationToken cancel = default) => PostAsync<PlanOfferResource>($"v1/operator/plans/{Uri.EscapeDataString(plan)}/versions", request, cancel);
    public Task<Page<CouponResource>> ListCouponsAsync(CancellationToken cancel = default) => GetAsync<Page<CouponResource>>("v1/operator/coupons", cancel);
    public Task<CouponResource> CreateCouponAsync(CreateCouponRequest request, CancellationToken cancel = default) => PostAsync<CouponResource>("v1/operator/coupons", request, cancel);
    public Task<CouponResource> EndCouponAsync(string code, CancellationToken cancel = default) => PostAsync<CouponResource>($"v1/operator/coupons/{Uri.EscapeDataString(code)}/end", null, cancel);
    public Task<RevenueResponse> GetRevenueAsync(CancellationToken cancel = default) => GetAsync<RevenueResponse>("v1/operator/revenue", cancel);
}
