namespace Microsoft.Azure.Functions.Worker.Builder;

/// <summary>ASP.NET Core integration: HTTP triggers take <c>HttpRequest</c> and return results.</summary>
public static class FunctionsApplicationBuilderAspNetCoreExtensions
{
    /// <summary>Switches the integration on. The embedded host always has it.</summary>
    public static FunctionsApplicationBuilder ConfigureFunctionsWebApplication(this FunctionsApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder;
    }
}
