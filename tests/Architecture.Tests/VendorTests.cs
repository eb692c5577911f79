using System.Text.RegularExpressions;

namespace Architecture.Tests;

/// <summary>Other people's types stay in the folder that wraps them, so that one of them can be replaced in one place.</summary>
public sealed class VendorTests
{
    public static TheoryData<string, string[]> Homes => new()
    {
        { "Docker.DotNet", ["src/Provisioner/Engines/"] },
        { "Hangfire", ["src/BackupScheduler/"] },
        { "Amazon", ["src/BackupScheduler/Stores/"] },
        { "Cronos", ["src/BackupScheduler/", "src/Faktory.Server/Cron/"] },
        { "Tomlyn", ["src/Faktory.Server/Config/"] },
        { "System.CommandLine", ["src/Faktory.Server/Cli/", "src/ControlPlane.Host/"] },
        { "Npgsql", ["src/ControlPlane.Core/", "src/ControlPlane.Api/", "src/ControlPlane.Host/", "src/Provisioner/", "src/BackupScheduler/"] },
        { "Scalar", ["src/ControlPlane.Api/"] },
        { "DnsClient", ["src/ControlPlane.Api/Features/Brands/"] },
        { "Microsoft.IdentityModel", ["src/ControlPlane.Api/Dialects/"] },
        { "MailKit", ["src/Provisioner/Mails/"] },
        { "MimeKit", ["src/Provisioner/Mails/"] },
        { "QRCoder", ["src/ControlPlane.Web/Account/"] },
        // The Api and the BackupScheduler both need it.
        { "Stripe", ["src/ControlPlane.Core/Billing/Stripe/"] },
    };

    [Theory]
    [MemberData(nameof(Homes))]
    public void A_vendors_types_stay_home(string vendor, string[] homes)
    {
        var uses = new Regex($@"(\busing\s+(static\s+)?|\bglobal::|[\s(<]){Regex.Escape(vendor)}(\.\w|;)");
        Repository.Code.Where(f => f.StartsWith("src/", StringComparison.Ordinal) && !homes.Any(home => f.StartsWith(home, StringComparison.Ordinal)))
            .Where(f => uses.IsMatch(Repository.Read(f))).ShouldBeEmpty();
    }

    [Fact]
    public void Only_the_storage_of_the_server_knows_RocksDB() =>
        Repository.Code.Where(f => f.StartsWith("src/", StringComparison.Ordinal) && !f.StartsWith("src/Faktory.Server/Storage/", StringComparison.Ordinal))
            .Where(f => Regex.IsMatch(Repository.Read(f), @"\brocksdb_\w+\s*\(|""(lib)?rocksdb""")).ShouldBeEmpty();

    [Fact]
    public void The_portal_knows_people_and_no_business()
    {
        string[] allowed = ["Identity", "Ids", "Data", "Secrets", "Documents"];
        // How many decimals a currency has is a fact about it, and no rule of the business.
        const string decimals = "src/ControlPlane.Web/Components/Billing/Amounts.cs";
        var used = from file in Repository.Files
                   where file.StartsWith("src/ControlPlane.Web/", StringComparison.Ordinal) && Path.GetExtension(file) is ".cs" or ".razor"
                   from Match match in Regex.Matches(Repository.Read(file), @"\bControlPlane\.Core\.(\w+)")
                   where !allowed.Contains(match.Groups[1].Value) && (file, match.Groups[1].Value) != (decimals, "Billing")
                   select $"{file}: {match.Value}";
        used.ShouldBeEmpty();
    }
}
