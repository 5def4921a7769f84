using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace DiffusionBatch.Functions.OpenApi;

/// <summary>Gives out the API's description.</summary>
public sealed class OpenApiFunctions
{
    static readonly byte[] s_document = Encoding.UTF8.GetBytes(ApiDocument.Create().ToJsonString());

    /// <summary><c>GET /api/openapi.json</c>.</summary>
    [Function("OpenApi")]
    public static IResult Get([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "openapi.json")] HttpRequest request) => Results.Bytes(s_document, "application/json");
}
