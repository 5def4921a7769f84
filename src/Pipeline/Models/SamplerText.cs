using System.Text;
using System.Text.Json.Nodes;
using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Problems;

namespace DiffusionBatch.Pipeline.Models;

/// <summary>Reads sampler objects that stand outside of manifests by the rules that hold for manifests.</summary>
internal static class SamplerText
{
    /// <summary>The one cell of a sampler; problems point into <c>/sampler</c>.</summary>
    public static (SweepCell<SamplerSettings>? Cell, IReadOnlyList<Problem> Problems) Read(JsonObject sampler, long seed)
    {
        const string File = "request";
        SampleManifest? manifest;
        try
        {
            ManifestReading reading = ManifestReader.Parse(
                Encoding.UTF8.GetBytes(Manifest(sampler, seed, "s", "m", "i", "o").ToJsonString()), File, ManifestFormat.Json, null);
            if (reading.Manifest is null) return (null, reading.Problems);
            manifest = (SampleManifest)reading.Manifest;
        }
        catch (ProblemsException e)
        {
            return (null, e.Problems);
        }
        IReadOnlyList<SweepCell<SamplerSettings>> cells = manifest.Cells();
        return cells.Count == 1 && !sampler.Any(field => field.Value is JsonArray)
            ? (cells[0], [])
            : (null,
                [new Problem(File, "/sampler", null, null, "a list of values is for the sweeps of manifests; expected one value a field")]);
    }

    /// <summary>A manifest with a sampler; its items' errors don't fail it.</summary>
    public static JsonObject Manifest(JsonObject sampler, long seed, string name, string model, string input, string output) => new()
    {
        ["kind"] = "sample",
        ["name"] = name,
        ["model"] = new JsonObject { ["from"] = model },
        ["input"] = input,
        ["sampler"] = sampler.DeepClone(),
        ["usage"] = true,
        ["errorThreshold"] = -1,
        ["seed"] = seed,
        ["output"] = output,
    };
}
