using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Azure.Functions.Worker.Hosting;
using Microsoft.Azure.Functions.Worker.Hosting.Http;
using Microsoft.Azure.Functions.Worker.Hosting.Invocation;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Microsoft.Azure.Functions.Worker.Builder;

/// <summary>
/// Builds a host for the function classes of the entry assembly. The embedded host is one Kestrel process on the
/// loopback address: port 7071, as the Functions tools have it, unless <c>--urls</c> or <c>ASPNETCORE_URLS</c> says otherwise.
/// </summary>
public class FunctionsApplicationBuilder : IFunctionsWorkerApplicationBuilder
{
    const string DefaultUrl = "http://127.0.0.1:7071";

    // Functions' own name and default for the largest body of a request.
    const string BodyLimitSetting = "FUNCTIONS_REQUEST_BODY_SIZE_LIMIT";
    const long DefaultBodyLimit = 104_857_600;

    // The slowest client, and for how long it may be slower.
    const double BytesPerSecond = 240;
    static readonly TimeSpan s_grace = TimeSpan.FromMinutes(2);

    readonly WebApplicationBuilder _web;
    readonly List<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> _middleware = [];

    internal FunctionsApplicationBuilder(string[] args)
    {
        _web = WebApplication.CreateBuilder(args);
        if (string.IsNullOrEmpty(_web.Configuration["urls"])) _web.Configuration["urls"] = DefaultUrl;
    }

    /// <summary>The app's settings.</summary>
    public ConfigurationManager Configuration => _web.Configuration;

    /// <summary>Where the app runs.</summary>
    public IHostEnvironment Environment => _web.Environment;

    /// <summary>Its logging.</summary>
    public ILoggingBuilder Logging => _web.Logging;

    /// <summary>Its services.</summary>
    public IServiceCollection Services => _web.Services;

    /// <inheritdoc/>
    public IFunctionsWorkerApplicationBuilder Use(Func<FunctionExecutionDelegate, FunctionExecutionDelegate> middleware)
    {
        _middleware.Add(middleware);
        return this;
    }

    /// <summary>Finds the functions of the entry assembly and maps each to its trigger.</summary>
    /// <exception cref="InvalidOperationException">
    /// Two functions share a name, a function has no trigger, a setting that one refers to is missing or wrong, or the
    /// app would be open to other machines without an access key.
    /// </exception>
    public IHost Build() => Build(Assembly.GetEntryAssembly()!.GetTypes());

    /// <summary>The host of the functions of these classes.</summary>
    internal WebApplication Build(IEnumerable<Type> types)
    {
        IReadOnlyList<FunctionEntry> functions = [.. FunctionCatalog.Of(types).Where(f => !Settings.IsDisabled(f.Name, Configuration))];
        var keys = new AccessKeys(Configuration);
        ListenAddresses.Demand(Configuration, keys);
        HostFile host = HostFile.Read(Path.Combine(AppContext.BaseDirectory, "host.json"));
        Services.AddProblemDetails();
        Services.TryAddSingleton(TimeProvider.System);
        Services.AddSingleton(services => new FunctionInvoker(services, _middleware));
        foreach (FunctionEntry function in functions) TriggerListeners.Add(Services, function, host, Configuration);
        _web.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = BodyLimit();
            // A client on a busy machine may pause for longer than Kestrel's 5 s, which then answers 408.
            kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(BytesPerSecond, s_grace);
            kestrel.Limits.MinResponseDataRate = new MinDataRate(BytesPerSecond, s_grace);
        });
        WebApplication app = _web.Build();
        app.UseStatusCodePages(refused => HostProblem.WriteAsync(refused.HttpContext, refused.HttpContext.Response.StatusCode, HostProblem.Detail(refused.HttpContext)));
        var endpoint = ActivatorUtilities.CreateInstance<HttpFunctionEndpoint>(app.Services, app.Services.GetRequiredService<FunctionInvoker>(), keys);
        foreach (FunctionEntry function in functions)
            if (function.Trigger is HttpTriggerAttribute) endpoint.Map(app, function, host.RoutePrefix);
        return app;
    }

    long BodyLimit()
    {
        if (Configuration[BodyLimitSetting] is not { Length: > 0 } text) return DefaultBodyLimit;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long limit) && limit > 0
            ? limit : throw new InvalidOperationException($"{BodyLimitSetting} is \"{text}\"; it is a number of bytes.");
    }
}
