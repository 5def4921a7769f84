using DiffusionBatch.Functions.Hosting;
using DiffusionBatch.Functions.Problems;
using DiffusionBatch.Functions.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Net.Http.Headers;

namespace DiffusionBatch.Functions.Dashboard;

/// <summary>
/// Gives out the dashboard: a page that shows what the API tells. It holds nothing itself and needs no key; what it asks the API for does.
/// </summary>
public sealed class DashboardFunctions
{
    // Its own script, style and icon, and the API beside it; nothing of anyone else's, and no page around it.
    const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action "
            + "'none'; frame-ancestors 'none'";

    /// <summary><c>GET /dashboard</c>: the page.</summary>
    [Function("Dashboard")]
    public static IResult Page([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "dashboard")] HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.HttpContext.Response.Headers.ContentSecurityPolicy = Policy;
        request.HttpContext.Response.Headers["Referrer-Policy"] = "no-referrer";
        return Answered(request, DashboardFiles.Page);
    }

    /// <summary><c>GET /dashboard/{file}?v=</c>: a file of the page; by its version it may be kept for ever.</summary>
    [Function("DashboardFile")]
    public static IResult File(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "dashboard/{file}")] HttpRequest request, string file)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Answered(request, DashboardFiles.Find(file) ?? throw Refuse.UnknownRoute(request.Path));
    }

    static IResult Answered(HttpRequest request, DashboardFile file)
    {
        HttpResponse response = request.HttpContext.Response;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.Vary = "Accept-Encoding";
        response.Headers.CacheControl = Query.Text(request, "v") == file.Version ? "public, max-age=31536000, immutable" : "no-cache";
        bool compressed = TakesBrotli(request);
        if (compressed) response.Headers.ContentEncoding = "br";
        return Results.Bytes(
            compressed ? file.Brotli : file.Content, file.MediaType,
            entityTag: EntityTag.Of(compressed ? file.Version + "-br" : file.Version));
    }

    static bool TakesBrotli(HttpRequest request) =>
        StringWithQualityHeaderValue.TryParseList(request.Headers.AcceptEncoding, out IList<StringWithQualityHeaderValue>? codings)
        && codings.Any(coding => coding.Value.Equals("br", StringComparison.OrdinalIgnoreCase) && coding.Quality is null or > 0);
}
