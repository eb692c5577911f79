using ControlPlane.Core.Mails;
using Provisioner.Brands;

namespace Provisioner.Mails;

static class MailSetup
{
    /// <exception cref="InvalidOperationException">There is a mail server, and no sender.</exception>
    internal static IServiceCollection AddMails(this IServiceCollection services, IConfiguration configuration)
    {
        var section = configuration.GetSection("Mail");
        if ((section.Get<MailOptions>() ?? new()) is not { Host: { Length: > 0 } } options)
            return services;
        _ = options.Sender;
        return services.Configure<MailOptions>(section)
            .AddSingleton(provider => provider.GetRequiredService<OwnBrand>().Brand is { } brand ? new MailLook(brand.Name, brand.Color, brand.Logo) : MailLook.Own)
            .AddHostedService<SendMails>();
    }
}
