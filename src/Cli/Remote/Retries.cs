using System.Net;

namespace DiffusionBatch.Cli.Remote;

/// <summary>
/// Sends a request again where the server was busy, starting again, or lost the connection or the process at work before it answered. A server that refuses to
/// connect isn't there: that shows at once. What may be sent twice has to be safe to: submissions carry a key.
/// </summary>
internal sealed class RetryHandler(HttpMessageHandler inner, TimeSpan pause) : DelegatingHandler(inner)
{
    const int Tries = 4;

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                HttpResponseMessage answer = await base.SendAsync(request, cancellationToken);
                if (attempt == Tries || !IsPassing(answer)) return answer;
                answer.Dispose();
            }
            catch (Exception e) when (attempt < Tries && !cancellationToken.IsCancellationRequested && IsPassing(e))
            {
                // Once more.
            }
            await Task.Delay(pause * attempt, cancellationToken);
        }
    }

    // The app's own failures have a document; a host that lost the app has no words.
    static bool IsPassing(HttpResponseMessage answer) => answer.StatusCode is HttpStatusCode.RequestTimeout or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout
        || answer is { StatusCode: HttpStatusCode.InternalServerError, Content.Headers.ContentLength: 0 };

    // A connection that can't be made in time is told by the cancellation of an inner timer.
    static bool IsPassing(Exception e) => e is HttpRequestException { HttpRequestError: not (HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError) } or IOException
        || e is OperationCanceledException { InnerException: TimeoutException };
}
