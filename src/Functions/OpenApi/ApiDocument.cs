using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.OpenAi;
using DiffusionBatch.Pipeline.Manifests.Schema;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace DiffusionBatch.Functions.OpenApi;

/// <summary>The API's description, OpenAPI 3.1.</summary>
internal static class ApiDocument
{
    /// <summary>The document.</summary>
    public static JsonObject Create()
    {
        var paths = new JsonObject();
        foreach (var path in ApiOperations.All.GroupBy(o => o.FullPath))
        {
            var item = new JsonObject();
            foreach (ApiOperation operation in path) item[operation.Method] = operation.ToJson();
            paths[path.Key] = item;
        }
        JsonObject schemas = ApiSchemas.Of(
            ApiOperations.All.SelectMany(o => o.Answers.Select(a => a.Body).Append(o.Body)).OfType<Type>().Append(typeof(ApiProblem))
                .Append(typeof(OpenAiError)));
        schemas["Manifest"] = ApiSchemas.Rebased(ManifestSchema.Build(), "#/components/schemas/Manifest");
        return new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject
            {
                ["title"] = "DiffusionBatch",
                ["version"] =
                    typeof(ApiDocument).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split(
                        '+')[0] ?? "0",
                ["description"] = "Batch jobs on diffusion language models: finetune, sample, evaluate. Errors are problem documents "
                    + "(RFC 9457). HEAD goes with every GET; OPTIONS answers with Allow.",
            },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = "/" }),
            ["security"] = new JsonArray(
                new JsonObject { ["header"] = new JsonArray() }, new JsonObject { ["query"] = new JsonArray() },
                new JsonObject { ["bearer"] = new JsonArray() }),
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["schemas"] = schemas,
                ["securitySchemes"] = new JsonObject
                {
                    ["header"] = new JsonObject { ["type"] = "apiKey", ["in"] = "header", ["name"] = "x-functions-key" },
                    ["query"] = new JsonObject { ["type"] = "apiKey", ["in"] = "query", ["name"] = "code" },
                    ["bearer"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer" },
                },
            },
        };
    }
}

/// <summary>Gives out the API's description.</summary>
public sealed class OpenApiFunctions
{
    static readonly byte[] s_document = Encoding.UTF8.GetBytes(ApiDocument.Create().ToJsonString());

    /// <summary><c>GET /api/openapi.json</c>.</summary>
    [Function("OpenApi")]
    public static IResult Get([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/openapi.json")] HttpRequest request) =>
        Results.Bytes(s_document, "application/json");
}
