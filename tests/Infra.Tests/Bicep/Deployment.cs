using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace DiffusionBatch.Infra.Tests.Bicep;

/// <summary>
/// What the main template would make, with the parameters that azd hands over: evaluated by Bicep as Azure does, as far as that is possible
/// without asking Azure. What only Azure knows stands there as an expression.
/// </summary>
internal sealed partial class Deployment
{
    const string Nobody = "00000000-0000-0000-0000-000000000001";

    readonly JsonArray _resources;

    Deployment(JsonArray resources) => _resources = resources;

    /// <summary>Every resource.</summary>
    public IEnumerable<JsonNode> Resources => _resources!;

    /// <summary>Evaluates it.</summary>
    /// <param name="settings">The variables of the azd environment, beside its name and location.</param>
    public static async Task<Deployment> PredictAsync(params (string Name, string Value)[] settings)
    {
        string folder = Directory.CreateTempSubdirectory("dbatch-deployment-").FullName;
        try
        {
            string parameters = Path.Combine(folder, "main.bicepparam");
            await File.WriteAllTextAsync(parameters, Parameters(folder, settings));
            var (code, output) = await BicepCompiler.RunAsync(
                "snapshot", parameters, "--mode", "overwrite", "--tenant-id", Nobody, "--subscription-id", Nobody, "--location",
                "westeurope", "--deployment-name", "test");
            Assert.True(code == 0, output);
            JsonNode snapshot = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "main.snapshot.json")))!;
            Assert.Empty(snapshot["diagnostics"]?.AsArray() ?? []);
            return new Deployment(snapshot["predictedResources"]!.AsArray());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The resources of a type.</summary>
    public IReadOnlyList<JsonNode> Of(string type) => [.. Resources.Where(r => (string?)r["type"] == type)];

    /// <summary>The one resource of a type.</summary>
    public JsonNode One(string type) => Assert.Single(Of(type));

    /// <summary>The last parts of the names of a type's resources.</summary>
    public IEnumerable<string> Names(string type) => Of(type).Select(r => ((string)r["name"]!).Split('/')[^1]);

    // azd's file of parameters as Bicep's, which checks names and types against the template.
    static string Parameters(string folder, (string Name, string Value)[] settings)
    {
        Dictionary<string, string> environment =
            new(settings.Select(s => KeyValuePair.Create(s.Name, s.Value)))
            {
                ["AZURE_ENV_NAME"] = "test",
                ["AZURE_LOCATION"] = "westeurope"
            };
        JsonNode file = JsonNode.Parse(File.ReadAllText(Path.Combine(BicepCompiler.Folder, "main.parameters.json")))!;
        string main = Path.GetRelativePath(folder, Path.Combine(BicepCompiler.Folder, "main.bicep"));
        return $"using '{main}'\n" + string.Concat(file["parameters"]!.AsObject()
            .Select(p => $"param {p.Key} = {Literal(Substituted((string)p.Value!["value"]!))}\n"));

        string Substituted(string value) => Variable().Replace(value, v => environment.GetValueOrDefault(v.Groups["name"].Value)
            ?? (v.Groups["default"].Success ? v.Groups["default"].Value : throw new InvalidOperationException($"azd sets no {v.Value}.")));

        // As azd does: what reads as a number is one, where a number is wanted.
        static string Literal(string value) => int.TryParse(value, out int number) ? JsonSerializer.Serialize(number) : $"'{value}'";
    }

    [GeneratedRegex(@"\$\{(?<name>\w+)(=(?<default>[^}]*))?\}")]
    private static partial Regex Variable();
}
