using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.Azure.Functions.Worker.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Microsoft.Azure.Functions.Worker.Builder;

/// <summary>
/// Builds a host for the function classes of the entry assembly. The embedded host is one Kestrel process on the
/// loopback address: port 7071, as the Functions tools have it, unless <c>--urls</c> or <c>ASPNETCORE_URLS</c> says otherwise.
/// </summary>
public class FunctionsApplicationBuilder
{
    const string DefaultUrl = "http://127.0.0.1:7071";
    readonly WebApplicationBuilder _web;

    internal FunctionsApplicationBuilder(string[] args)
    {
        _web = WebApplication.CreateBuilder(args);
        if (string.IsNullOrEmpty(_web.Configuration["urls"])) _web.Configuration["urls"] = DefaultUrl;
    }

    public ConfigurationManager Configuration => _web.Configuration;
    public IHostEnvironment Environment => _web.Environment;
    public ILoggingBuilder Logging => _web.Logging;
    public IServiceCollection Services => _web.Services;

    /// <summary>Finds the functions of the entry assembly and maps each to its trigger.</summary>
    /// <exception cref="InvalidOperationException">Two functions share a name, or a function has no trigger.</exception>
    public IHost Build()
    {
        var functions = FunctionCatalog.Of(Assembly.GetEntryAssembly()!);
        var app = _web.Build();
        foreach (var function in functions) HttpFunctionEndpoint.Map(app, function);
        return app;
    }
}
