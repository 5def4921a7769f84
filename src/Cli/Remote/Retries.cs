using System.Net;
using Microsoft.Extensions.Http.Resilience;
using Polly;
using Polly.Retry;

namespace DiffusionBatch.Cli.Remote;

/// <summary>
/// When a request is sent again: the server was busy or starting again, or the connection or the process at work was lost before an
/// answer came. A server that refuses to connect isn't there; that shows at once. Only requests that may arrive twice are sent again.
/// </summary>
internal static class Retries
{
    /// <summary>The header that makes a submission safe to repeat.</summary>
    public const string KeyHeader = "Idempotency-Key";

    // Where the server asks for a longer wait, the command fails and says so.
    static readonly TimeSpan s_longestWait = TimeSpan.FromSeconds(30);

    static readonly ResiliencePipeline<HttpResponseMessage> s_pipeline = new ResiliencePipelineBuilder<HttpResponseMessage>()
        .AddRetry(new HttpRetryStrategyOptions
        {
            MaxRetryAttempts = 3,
            Delay = TimeSpan.FromSeconds(0.5),
            BackoffType = DelayBackoffType.Linear,
            ShouldRetryAfterHeader = true,
            ShouldHandle = tried => ValueTask.FromResult(IsPassing(tried)),
        })
        .Build();

    /// <summary>Wraps the handler that sends requests.</summary>
    public static HttpMessageHandler Around(HttpMessageHandler inner) => new ResilienceHandler(s_pipeline) { InnerHandler = inner };

    static bool IsPassing(RetryPredicateArguments<HttpResponseMessage> tried) =>
        tried.Context.GetRequestMessage() is { } request && (request.Method != HttpMethod.Post || request.Headers.Contains(KeyHeader))
        && (tried.Outcome.Exception is { } e ? IsPassing(e) : tried.Outcome.Result is { } answer && IsPassing(answer));

    static bool IsPassing(HttpResponseMessage answer) => !(answer.Headers.RetryAfter?.Delta > s_longestWait) && answer.StatusCode switch
    {
        HttpStatusCode.RequestTimeout or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout =>
            true,
        // The app's own failures have a document; a host that lost the app has no words.
        HttpStatusCode.InternalServerError => answer.Content.Headers.ContentLength == 0,
        _ => false,
    };

    static bool IsPassing(Exception e) => e switch
    {
        HttpRequestException lost =>
            lost.HttpRequestError
                is not (HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError),
        // A connection that can't be made in time is told by the cancellation of an inner timer.
        OperationCanceledException => e.InnerException is TimeoutException,
        _ => e is IOException,
    };
}
