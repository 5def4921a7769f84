using System.Reflection;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker;

namespace DiffusionBatch.Functions.Tests;

[Collection(SharedApiTests.Name)]
public sealed class OpenApiTests(SharedApi shared)
{
    // HEAD goes with each GET, and what no operation takes has none.
    static IEnumerable<(string Operation, string Id, AuthorizationLevel Level)> Functions() =>
        from method in typeof(FunctionApp).Assembly.GetTypes().SelectMany(t => t.GetMethods())
        let function = method.GetCustomAttribute<FunctionAttribute>()
        where function is not null
        from trigger in method.GetParameters().Select(p => p.GetCustomAttribute<HttpTriggerAttribute>()).OfType<HttpTriggerAttribute>()
        from verb in trigger.Methods ?? []
        where verb != "head" && !trigger.Route!.StartsWith("dashboard", StringComparison.Ordinal) // no part of the API
        select ($"{verb} /{trigger.Route!.Replace("{*", "{", StringComparison.Ordinal)}", function.Name, trigger.AuthLevel);

    async Task<JsonElement> DocumentAsync() =>
        JsonDocument.Parse(await shared.Api.Client.GetStringAsync(new Uri("/api/openapi.json", UriKind.Relative),
            TestContext.Current.CancellationToken)).RootElement;

    [Fact]
    public async Task The_document_has_the_operations_that_there_are()
    {
        JsonElement document = await DocumentAsync();
        Assert.StartsWith("3.1.", document.GetProperty("openapi").GetString(), StringComparison.Ordinal);
        var told = document.GetProperty("paths").EnumerateObject().SelectMany(p => p.Value.EnumerateObject().Select(o => (
            Operation: $"{o.Name} {p.Name}", Id: o.Value.GetProperty("operationId").GetString()!,
            Open: o.Value.TryGetProperty("security", out JsonElement s) && s.GetArrayLength() == 0)));
        Assert.Equal(
            Functions()
                .Select(f => (f.Operation, f.Id, f.Level == AuthorizationLevel.Anonymous
                    && !f.Operation.Contains(" /v1/", StringComparison.Ordinal))).Order(),
            told.Order());
    }

    [Fact]
    public async Task Path_parameters_are_declared_and_each_reference_leads_somewhere()
    {
        JsonElement document = await DocumentAsync();
        foreach (JsonProperty path in document.GetProperty("paths").EnumerateObject())
        {
            string[] named = [.. path.Name.Split('/').Where(s => s.StartsWith('{')).Select(s => s.Trim('{', '}'))];
            foreach (JsonProperty operation in path.Value.EnumerateObject())
            {
                string[] declared = operation.Value.TryGetProperty("parameters", out JsonElement parameters)
                    ? [.. parameters.EnumerateArray().Where(p => p.GetProperty("in").GetString() == "path")
                        .Select(p => p.GetProperty("name").GetString()!)]
                    : [];
                Assert.Equal(named, declared);
                Assert.NotEmpty(operation.Value.GetProperty("responses").EnumerateObject());
            }
        }
        int references = 0;
        Follow(document);
        Assert.True(references > 50, $"{references}");

        void Follow(JsonElement element)
        {
            if (element.ValueKind == JsonValueKind.Array)
            {
                foreach (JsonElement child in element.EnumerateArray()) Follow(child);
            }
            else if (element.ValueKind == JsonValueKind.Object)
            {
                foreach (JsonProperty child in element.EnumerateObject())
                {
                    if (child.Name == "$ref" && child.Value.ValueKind == JsonValueKind.String)
                    {
                        JsonElement at = document;
                        foreach (string step in child.Value.GetString()![2..].Split('/')
                            .Select(s => Uri.UnescapeDataString(s).Replace("~1", "/", StringComparison.Ordinal)
                                .Replace("~0", "~", StringComparison.Ordinal)))
                            at = at.ValueKind == JsonValueKind.Array
                                ? at[int.Parse(step, System.Globalization.CultureInfo.InvariantCulture)]
                                : at.GetProperty(step);
                        references++;
                    }
                    else
                    {
                        Follow(child.Value);
                    }
                }
            }
        }
    }
}
