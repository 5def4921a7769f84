using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Threading.RateLimiting;
using DiffusionBatch.LocalHost.Functions;
using DiffusionBatch.LocalHost.Hosting;
using DiffusionBatch.LocalHost.Protocol;
using DiffusionBatch.LocalHost.Workers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Constraints;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;

namespace DiffusionBatch.LocalHost.Http;

/// <summary>
/// Where clients send requests: finds the function, checks the key, starts it in the worker and hands the request on.
/// As in Functions the functions' routes are tried in the order of their names, the first one that takes path and method wins, and
/// what none takes is a 404 without a body. <c>POST admin/functions/NAME</c> with the master key starts a function that no request starts.
/// </summary>
internal sealed partial class HttpFront : IAsyncDisposable
{
    const long StandardBodyLimit = 104_857_600;

    // While the worker is started again, requests wait that long for it.
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    readonly WebApplication _app;
    readonly WorkerKeeper _keeper;
    readonly Invoker _invoker;
    readonly AccessKeys _keys;
    readonly HostFile _host;
    readonly Listeners _listeners;
    readonly ConcurrencyLimiter? _limiter;
    readonly WorkerForwarder _forwarder;
    readonly ILogger _logger;

    HttpFront(
        Uri url, AppSettings settings, HostFile host, WorkerKeeper keeper, Invoker invoker, AccessKeys keys,
        IReadOnlyList<FunctionEntry> functions, Listeners listeners, ILoggerFactory logs)
    {
        (_keeper, _invoker, _keys, _host, _listeners, _limiter) = (keeper, invoker, keys, host, listeners, Limiter(host.Requests));
        _logger = logs.CreateLogger("Host.Http");
        WebApplicationBuilder builder = PlainServer.CreateBuilder(logs);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = BodyLimit(settings);
            // A client that pauses in its body is waited for, as Functions' front ends do.
            kestrel.Limits.MinRequestBodyDataRate = null;
            if (IPAddress.TryParse(url.Host.Trim('[', ']'), out IPAddress? address)) kestrel.Listen(address, url.Port);
            else if (url.Host == "localhost" && url.Port != 0) kestrel.ListenLocalhost(url.Port);
            else throw new FunctionsHostException($"{url} is no address to listen on; use http://ADDRESS:PORT.");
        });
        builder.Services.AddHttpForwarder();
        _app = builder.Build();
        _forwarder = new WorkerForwarder(_app.Services.GetRequiredService<IHttpForwarder>());
        _app.UseRouter(Routes(functions));
    }

    /// <summary>Where it listens.</summary>
    public Uri Url => new(_app.Urls.Single());

    /// <summary>Starts one.</summary>
    public static async Task<HttpFront> StartAsync(
        Uri url, AppSettings settings, HostFile host, WorkerKeeper keeper, Invoker invoker,
        IReadOnlyList<FunctionEntry> functions, Listeners listeners, ILoggerFactory logs, CancellationToken cancellationToken)
    {
        var keys = new AccessKeys(settings);
        keys.Demand(url);
        var front = new HttpFront(url, settings, host, keeper, invoker, keys, functions, listeners, logs);
        await front._app.StartAsync(cancellationToken);
        return front;
    }

    /// <summary>Takes no more requests; those that go on after the grace are cut off.</summary>
    public async ValueTask StopAsync(TimeSpan grace)
    {
        await PlainServer.StopAsync(_app, grace);
        _forwarder.Dispose();
        if (_limiter is not null) await _limiter.DisposeAsync();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => StopAsync(TimeSpan.Zero);

    RouteCollection Routes(IReadOnlyList<FunctionEntry> functions)
    {
        var routes = new RouteCollection();
        var constraints = _app.Services.GetRequiredService<IInlineConstraintResolver>();
        var post = new RouteValueDictionary { ["httpMethod"] = new HttpMethodRouteConstraint("POST") };
        routes.Add(new Route(new RouteHandler(StartByHandAsync), "admin/functions/{function}", [], post!, [], constraints));
        foreach (FunctionEntry function in functions.OrderBy(f => f.Name, StringComparer.OrdinalIgnoreCase))
        {
            if (function.Trigger is not HttpTrigger trigger) continue;
            var methods = new RouteValueDictionary();
            if (trigger.Methods is not null) methods["httpMethod"] = new HttpMethodRouteConstraint([.. trigger.Methods]);
            var target = new RouteHandler(context => HandleAsync(context, function, trigger));
            try
            {
                routes.Add(new Route(target, $"{_host.RoutePrefix}/{trigger.Route}".Trim('/'), [], methods!, [], constraints));
            }
            catch (RouteCreationException e)
            {
                throw new FunctionsHostException(
                    $"The function '{function.Name}' has the route \"{trigger.Route}\", which can't be: {(e.InnerException ?? e).Message}",
                    e);
            }
        }
        return routes;
    }

    async Task HandleAsync(HttpContext context, FunctionEntry function, HttpTrigger trigger)
    {
        foreach (var (name, value) in _host.CustomHeaders) context.Response.Headers[name] = value;
        if (!_keys.Admit(context.Request, trigger.Level))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }
        if (function.IsDisabled && !_keys.IsMaster(context.Request))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        if (context.Request.ContentLength > context.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize)
        {
            context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            return;
        }
        using RateLimitLease? lease = _limiter is null ? null : await _limiter.AcquireAsync(1, context.RequestAborted);
        if (lease is { IsAcquired: false })
        {
            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            return;
        }
        await RunAsync(context, function);
    }

    async Task RunAsync(HttpContext context, FunctionEntry function)
    {
        if (await WorkerAsync(context) is not { } worker) return;
        Invocation invocation = _invoker.Start(
            worker, function, new TypedData { Http = new RpcHttp() }, Data(context), context.Request.Headers.TraceParent,
            context.RequestAborted);
        ForwarderError error = await _forwarder.ForwardAsync(context, worker, invocation.Id);
        FunctionFailedException? failure = null;
        try
        {
            await invocation.Ended;
        }
        catch (FunctionFailedException e)
        {
            failure = e;
        }
        if (failure is not null || error != ForwarderError.None) Failed(context, function, error, failure);
    }

    // What the client sees where the function, or handing the request on, failed: nothing if it has gone, a broken connection if the
    // answer has begun, else a status.
    void Failed(HttpContext context, FunctionEntry function, ForwarderError error, FunctionFailedException? failure)
    {
        if (context.RequestAborted.IsCancellationRequested) return;
        Exception? cause = context.Features.Get<IForwarderErrorFeature>()?.Exception;
        // A body that breaks off, or is longer than it may, is its client's doing.
        bool client = error is ForwarderError.RequestBodyClient;
        if (failure is not null && !client) LogFailed(function.Name, failure);
        else if (!client) LogBroken(function.Name, error, cause?.Message);
        // What the worker answered ends well even where the function failed: only a cut tells the client that it isn't all.
        if (context.Response.HasStarted) context.Abort();
        else context.Response.StatusCode = Inner(cause)?.StatusCode
            ?? (client ? StatusCodes.Status400BadRequest : StatusCodes.Status500InternalServerError);
    }

    // The body is { "input": "..." }: what a queue's message would be; timers take none.
    async Task StartByHandAsync(HttpContext context)
    {
        if (!_keys.Admit(context.Request, AccessLevel.Admin))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }
        ManualStart? start;
        try
        {
            start = context.Request.ContentLength is null or 0
                ? null
                : await JsonSerializer.DeserializeAsync<ManualStart>(
                    context.Request.Body, JsonSerializerOptions.Web, context.RequestAborted);
        }
        catch (JsonException)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }
        context.Response.StatusCode = _listeners.StartByHand((string)context.GetRouteValue("function")!, start?.Input ?? "")
            ? StatusCodes.Status202Accepted
            : StatusCodes.Status404NotFound;
    }

    // The worker that serves; null where none does in time, and then the answer says so.
    async ValueTask<Worker?> WorkerAsync(HttpContext context)
    {
        if (_keeper.Serving is { } serving) return serving;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        limit.CancelAfter(s_patience);
        try
        {
            return await _keeper.ServingAsync(limit.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or FunctionsHostException)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return null;
        }
    }

    static ConcurrencyLimiter? Limiter((int? Concurrent, int? Outstanding) requests) =>
        requests is (null, null) ? null : new ConcurrencyLimiter(new ConcurrencyLimiterOptions
        {
            PermitLimit = requests.Concurrent ?? requests.Outstanding!.Value,
            QueueLimit = requests switch
            {
                (_, null) => int.MaxValue,
                (null, _) => 0,
                var (running, outstanding) => Math.Max(0, outstanding.Value - running.Value),
            },
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        });

    static BadHttpRequestException? Inner(Exception? e) => e as BadHttpRequestException ?? (e is null ? null
        : e is AggregateException several
        ? several.InnerExceptions.Select(Inner).FirstOrDefault(i => i is not null)
        : Inner(e.InnerException));

    // Values of the query, and over them those of the route: parameters of the function are bound to them by name.
    static IEnumerable<KeyValuePair<string, TypedData>> Data(HttpContext context)
    {
        foreach (var (name, value) in context.Request.Query) yield return new(name, new TypedData { String = value.ToString() });
        foreach (var (name, value) in context.GetRouteData().Values)
            if (value is not null) yield return new(name, new TypedData { String = Convert.ToString(value, CultureInfo.InvariantCulture) });
    }

    static long BodyLimit(AppSettings settings) => settings["FUNCTIONS_REQUEST_BODY_SIZE_LIMIT"] is not { } text ? StandardBodyLimit
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long limit) ? limit
        : throw new FunctionsHostException($"The setting FUNCTIONS_REQUEST_BODY_SIZE_LIMIT is \"{text}\"; it is a number of bytes.");

    sealed record ManualStart(string? Input);

    [LoggerMessage(1, LogLevel.Error, "Function '{Function}' failed")]
    partial void LogFailed(string function, FunctionFailedException failure);

    [LoggerMessage(2, LogLevel.Error, "The request of function '{Function}' couldn't be handed on ({Error}): {Why}")]
    partial void LogBroken(string function, ForwarderError error, string? why);
}
