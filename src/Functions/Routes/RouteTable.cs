using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;

namespace DiffusionBatch.Functions.Routes;

/// <summary>The methods that the API's paths take, from the endpoints of the functions themselves.</summary>
/// <param name="endpoints">What the worker has made of the functions' triggers.</param>
public sealed class RouteTable(EndpointDataSource endpoints)
{
    // Endpoints exist once the worker has started; this is first asked by a request.
    readonly Lazy<(TemplateMatcher Path, IReadOnlyList<string> Methods)[]> _routes = new(() => [.. Routes(endpoints)]);

    /// <summary>The methods of a path, OPTIONS among them, in ordinal order; none where no function has such a path.</summary>
    public IReadOnlyList<string> MethodsOf(PathString path)
    {
        string[] methods = [.. _routes.Value.Where(route => route.Path.TryMatch(path, new RouteValueDictionary()))
            .SelectMany(route => route.Methods)];
        return methods.Length == 0
            ? []
            : [.. methods.Append(HttpMethods.Options).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    static IEnumerable<(TemplateMatcher, IReadOnlyList<string>)> Routes(EndpointDataSource endpoints) =>
        from endpoint in endpoints.Endpoints.OfType<RouteEndpoint>()
        where endpoint.DisplayName != UnmatchedFunctions.Name
        let methods = endpoint.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods
        select (new TemplateMatcher(new RouteTemplate(endpoint.RoutePattern), new RouteValueDictionary()),
            (IReadOnlyList<string>)[.. methods.Select(m => m.ToUpperInvariant())]);
}
