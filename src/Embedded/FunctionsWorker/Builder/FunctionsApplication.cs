namespace Microsoft.Azure.Functions.Worker.Builder;

/// <summary>Where a function app's program starts.</summary>
public class FunctionsApplication
{
    /// <summary>A builder with configuration from appsettings, environment variables and <paramref name="args"/>.</summary>
    public static FunctionsApplicationBuilder CreateBuilder(string[] args) => new(args);
}
