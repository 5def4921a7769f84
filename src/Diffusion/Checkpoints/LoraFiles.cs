using System.Text.Json;
using System.Text.Json.Nodes;
using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Adapters;
using DiffusionBatch.Diffusion.Files;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.SafeTensors;

namespace DiffusionBatch.Diffusion.Checkpoints;

/// <summary>
/// An adapter's two files in PEFT's layout, beside the model that it is for: <c>adapter_config.json</c> and
/// <c>adapter_model.safetensors</c>, the tensors' names with PEFT's prefix.
/// </summary>
static class LoraFiles
{
    /// <summary>The settings' file.</summary>
    public const string ConfigName = "adapter_config.json";

    /// <summary>The weights' file.</summary>
    public const string WeightsName = "adapter_model.safetensors";

    /// <summary>Writes both files.</summary>
    public static void Save(string folder, LoraAdapter adapter, ModelConfig config)
    {
        var settings = adapter.Settings;
        var writer = new SafeTensorsWriter();
        foreach (var (name, parameter) in adapter.Named) ModelFile.Add(writer, AdapterTensors.Prefix + name, parameter);
        writer.Save(Path.Combine(folder, WeightsName));
        var json = new JsonObject
        {
            ["base_model_name_or_path"] = null,
            ["bias"] = "none",
            ["fan_in_fan_out"] = config.Family is Models.Families.Gpt2Family,
            ["inference_mode"] = true,
            ["lora_alpha"] = settings.Alpha,
            ["lora_dropout"] = 0.0,
            ["modules_to_save"] = null,
            ["peft_type"] = "LORA",
            ["r"] = settings.Rank,
            ["target_modules"] = new JsonArray([.. (settings.Chosen ?? settings.Targets).Select(t => (JsonNode)t)]),
            ["task_type"] = config.Family.IsMasked ? null : "CAUSAL_LM",
        };
        // Keys are regular expressions to PEFT.
        static JsonObject Patterns<T>(IReadOnlyDictionary<string, T> own) =>
            new(own.Select(p => KeyValuePair.Create(p.Key.Replace(".", "\\.", StringComparison.Ordinal),
                (JsonNode?)JsonValue.Create(p.Value))));
        if (settings.Alphas is not null) json["alpha_pattern"] = Patterns(settings.Alphas);
        if (settings.Ranks is not null) json["rank_pattern"] = Patterns(settings.Ranks);
        if (settings.IsRankStabilized) json["use_rslora"] = true;
        AtomicFile.WriteText(Path.Combine(folder, ConfigName),
            json.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n");
    }

    /// <summary>Checks a folder's adapter; null where there is none, or (then problems are added) it can't be used.</summary>
    public static LoraPlan? Check(string folder, ModelConfig config, ICollection<CheckpointProblem> problems)
    {
        int before = problems.Count;
        if (JsonFile.ReadObject(folder, ConfigName, problems) is not { } json)
        {
            if (problems.Count == before && File.Exists(Path.Combine(folder, WeightsName)))
                problems.Add(new CheckpointProblem(ConfigName, null, $"the file is missing beside {WeightsName}"));
            return null;
        }
        var peft = new PeftConfig(json, problems);
        string weights = Path.Combine(folder, WeightsName);
        if (!File.Exists(weights) && Directory.EnumerateFiles(folder, "adapter_model.*",
            new EnumerationOptions { IgnoreInaccessible = true }).Select(Path.GetFileName).FirstOrDefault() is { } other)
        {
            problems.Add(new CheckpointProblem(WeightsName, null, $"the file is missing; {other} is there, which isn't read: load the "
                + $"adapter with Python's peft and save it again, with safe_serialization=True"));
            return null;
        }
        using var reader = SafeTensorsReader.TryOpenListed(weights, problems);
        if (reader is null || problems.Count > before) return null;
        var tensors = new AdapterTensors(reader, config);
        if (peft.Resolve(config, tensors.IsOfBody) is not { } settings || problems.Count > before) return null;
        var shapes = config.Family.Layout(config).ToDictionary(p => p.Name, p => p.Shape, StringComparer.Ordinal);
        foreach (string projection in settings.Find(config, []))
        {
            long[] weight = shapes[projection + ".weight"];
            var (outputs, inputs) = config.Family is Models.Families.Gpt2Family ? (weight[1], weight[0]) : (weight[0], weight[1]);
            Shape($"{projection}.lora_A.weight", settings.RankOf(projection), inputs);
            Shape($"{projection}.lora_B.weight", outputs, settings.RankOf(projection));
        }
        // Projections that the settings don't choose, and whatever else is in the file.
        var chosen = LoraAdapter.ParameterNames(settings.Find(config, [])).Select(tensors.Find).ToHashSet();
        foreach (string name in reader.Tensors.Keys.Order(StringComparer.Ordinal))
            if (!chosen.Contains(name)) problems.Add(ModelFile.Unexpected(WeightsName, reader.Tensors[name]));
        if (problems.Count == before) FiniteNumbers.Check(reader, reader.Tensors.Keys, problems);
        return problems.Count == before ? settings : null;

        void Shape(string parameter, params long[] shape)
        {
            if (tensors.Find(parameter) is not { } name)
                problems.Add(ModelFile.Missing(WeightsName, AdapterTensors.Prefix + parameter, shape));
            else if (!ModelFile.Fits(reader.Tensors[name], shape))
                problems.Add(ModelFile.Misshapen(WeightsName, reader.Tensors[name], shape));
        }
    }

    /// <summary>Attaches a folder's adapter, which was checked.</summary>
    public static LoraAdapter Load(string folder, LanguageModel model, LoraPlan settings)
    {
        var adapter = new LoraAdapter(model, settings, settings.Find(model.Config, []));
        using var reader = SafeTensorsReader.Open(Path.Combine(folder, WeightsName));
        var tensors = new AdapterTensors(reader, model.Config);
        foreach (var (name, parameter) in adapter.Named) ModelFile.Read(reader, tensors.Find(name)!, parameter);
        adapter.eval();
        return adapter;
    }
}
