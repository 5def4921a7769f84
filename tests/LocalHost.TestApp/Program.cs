using DiffusionBatch.LocalHost.TestApp;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.Services.Configure<KestrelServerOptions>(kestrel => (kestrel.Limits.MaxRequestBodySize, kestrel.Limits.MinRequestBodyDataRate) =
    (null, null));
builder.Services.AddSingleton<Diary>();
if (builder.Configuration["FailStart"] is { } why) throw new InvalidOperationException(why);
if (builder.Configuration["FailStartOn"] is { } flag && File.Exists(flag) && File.ReadAllText(flag) is { Length: > 0 } said)
    throw new InvalidOperationException(said);
await builder.Build().RunAsync();
