using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace DiffusionBatch.LocalHost.TestApp;

/// <summary>Functions that requests start.</summary>
public sealed class RequestFunctions(Diary diary, ILogger<RequestFunctions> logger)
{
    [Function("Thing")]
    public static IResult Thing([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "things/{id:int}")] HttpRequest request, int id,
        string? note) => Results.Text($"thing {id} {note}");

    [Function("DropThing")]
    public static IResult DropThing([HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "things/{id:int}")] HttpRequest request,
        string id) => Results.NoContent();

    // By name it comes before the function whose route has no parameter.
    [Function("Any")]
    public static IResult Any([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "words/{word}")] HttpRequest request,
        string word) => Results.Text($"any {word}");

    [Function("Special")]
    public static IResult Special([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "words/special")] HttpRequest request) =>
        Results.Text("special");

    [Function("Files")]
    public static IResult Files([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "files/{*path}")] HttpRequest request,
        string? path) => Results.Text(path ?? "(none)");

    [Function("AllMethods")]
    public static IResult AllMethods([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) =>
        Results.Text($"{request.Method} {request.Scheme}://{request.Host}{request.Path}{request.QueryString}");

    [Function("Head")]
    public static IResult Head([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) =>
        Results.Text(string.Join('\n', request.Headers.Where(h => h.Key.StartsWith("X-", StringComparison.OrdinalIgnoreCase))
            .Select(h => $"{h.Key}: {h.Value}").Order(StringComparer.OrdinalIgnoreCase)));

    [Function("Keyed")]
    public static IResult Keyed([HttpTrigger(AuthorizationLevel.Function, "get")] HttpRequest request) => Results.Text("in");

    [Function("Admin")]
    public static IResult Admin([HttpTrigger(AuthorizationLevel.Admin, "get")] HttpRequest request) => Results.Text("in");

    [Function("Switched")]
    public static IResult Switched([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) => Results.Text("on");

    [Function("Process")]
    public static IResult Process([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) =>
        Results.Text(Environment.ProcessId.ToString(CultureInfo.InvariantCulture));

    [Function("Setting")]
    public static IResult Setting([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "settings/{name}")] HttpRequest request,
        string name) => Results.Text(Environment.GetEnvironmentVariable(name) ?? "(none)");

    [Function("Length")]
    public static async Task<IResult> Length([HttpTrigger(AuthorizationLevel.Anonymous, "post")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        long length = 0;
        byte[] buffer = new byte[65536];
        while (await request.Body.ReadAsync(buffer, cancellationToken) is > 0 and int read) length += read;
        return Results.Text(length.ToString(CultureInfo.InvariantCulture));
    }

    [Function("Bytes")]
    public static IResult Bytes([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "bytes/{length:long}")] HttpRequest request,
        long length) => Results.Stream(async body =>
    {
        byte[] block = new byte[65536];
        for (long left = length; left > 0; left -= block.Length)
            await body.WriteAsync(block.AsMemory(0, (int)Math.Min(left, block.Length)));
    });

    [Function("Throw")]
    public IResult Throw([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request)
    {
        logger.LogWarning("it is about to throw");
        throw new InvalidDataException("boom");
    }

    [Function("Half")]
    public static IResult Half([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) => Results.Stream(async body =>
    {
        await body.WriteAsync("half of it"u8.ToArray());
        await body.FlushAsync();
        throw new InvalidDataException("in the middle");
    });

    // A line each 20 ms until the client goes away or the invocation is cancelled; the diary says which.
    [Function("Events")]
    public async Task Events([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request, FunctionContext context)
    {
        HttpContext http = request.HttpContext;
        http.Response.ContentType = "text/event-stream";
        using var both = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, context.CancellationToken);
        try
        {
            for (int i = 0; ; i++)
            {
                await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes($"data: {i}\n\n"), both.Token);
                await http.Response.Body.FlushAsync(both.Token);
                await Task.Delay(20, both.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // Both come, in any order; which of them did come is what is asked.
            await WaitAsync(http.RequestAborted);
            await WaitAsync(context.CancellationToken);
            diary.Write($"events ended: aborted {http.RequestAborted.IsCancellationRequested}, "
                + $"cancelled {context.CancellationToken.IsCancellationRequested}");
        }
    }

    // Runs until it is asked to end; "deaf" doesn't even then.
    [Function("Endless")]
    public async Task<IResult> Endless([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "endless/{how}")] HttpRequest request,
        string how, CancellationToken cancellationToken)
    {
        diary.Write($"endless {how}");
        try
        {
            await Task.Delay(Timeout.Infinite, how == "deaf" ? CancellationToken.None : cancellationToken);
        }
        catch (OperationCanceledException)
        {
            diary.Write($"endless {how} was cancelled");
        }
        return Results.Text("ended");
    }

    static async Task WaitAsync(CancellationToken token) =>
        await Task.Delay(TimeSpan.FromSeconds(5), token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
