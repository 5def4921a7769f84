using DiffusionBatch.Functions.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace DiffusionBatch.Functions.Routes;

/// <summary>Answers what no other function takes; the host by itself would answer an empty 404, to a wrong method as well.</summary>
public sealed class UnmatchedFunctions(RouteTable routes)
{
    /// <summary>
    /// The function's name. The host takes the first function by name whose route matches, so that this one must be the last.
    /// </summary>
    internal const string Name = "ZUnmatched";

    /// <summary>
    /// 404 where there is no such path, 405 with <c>Allow</c> where it doesn't take the method; OPTIONS of a path that there is: 204 with
    /// <c>Allow</c>.
    /// </summary>
    /// <exception cref="ApiException">Always but for OPTIONS.</exception>
    [Function(Name)]
    public IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, Route = "api/{*path}")] HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        // The host's matcher takes no path with an empty segment, though a file's path is read as a whole here.
        if (request.Path.Value!.Contains("//", StringComparison.Ordinal))
            throw Refuse.BadPath($"The path \"{request.Path}\" can't be used: a part of it is empty.");
        IReadOnlyList<string> methods = routes.MethodsOf(request.Path);
        if (methods.Count == 0 || methods.Contains(request.Method) && !HttpMethods.IsOptions(request.Method))
            throw Refuse.UnknownRoute(request.Path);
        if (!HttpMethods.IsOptions(request.Method)) throw Refuse.WrongMethod(request.Method, request.Path, methods);
        request.HttpContext.Response.Headers.Allow = string.Join(", ", methods);
        return Results.NoContent();
    }
}
