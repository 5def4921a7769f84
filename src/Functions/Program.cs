using DiffusionBatch.Functions;
using DiffusionBatch.Functions.Hosting;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

// The worker process of a function app. Its host starts it with an address to answer to.
const string HostAddress = "Functions:Worker:HostEndpoint";
try
{
    FunctionsApplicationBuilder builder = FunctionsApplication.CreateBuilder(args);
    if (string.IsNullOrEmpty(builder.Configuration[HostAddress]))
    {
        await Console.Error.WriteLineAsync(
            "functions: this program is started by a Functions host: run \"dbatch up\", or \"func start\" of the Azure Functions Core "
                + "Tools in its folder.");
        return 2;
    }
    FunctionApp.Configure(builder);
    using IHost app = builder.Build();
    await app.RunAsync();
    return 0;
}
catch (OptionsValidationException e)
{
    // Before the host is spoken to there is no log but this.
    foreach (string failure in e.Failures) await Console.Error.WriteLineAsync($"functions: {failure}");
    return 2;
}
