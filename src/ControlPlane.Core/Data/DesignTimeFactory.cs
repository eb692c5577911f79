using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.Extensions.DependencyInjection;

namespace ControlPlane.Core.Data;

/// <summary>For <c>dotnet ef migrations add</c>, which needs a model and no database.</summary>
sealed class DesignTimeFactory : IDesignTimeDbContextFactory<ControlPlaneDb>
{
    public ControlPlaneDb CreateDbContext(string[] args)
    {
        var services = new ServiceCollection().Configure<IdentityOptions>(DatabaseSetup.StorePasskeys).BuildServiceProvider();
        return new ControlPlaneDb(DatabaseSetup.Options("Host=localhost", services), new DbScope());
    }
}
