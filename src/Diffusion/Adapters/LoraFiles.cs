using System.Text.Json;
using System.Text.Json.Nodes;
using DiffusionBatch.Diffusion.Checkpoints;
using DiffusionBatch.Diffusion.Models;

namespace DiffusionBatch.Diffusion.Adapters;

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

    const string Prefix = "base_model.model.";

    /// <summary>Writes both files.</summary>
    public static void Save(string folder, LoraAdapter adapter, ModelConfig config)
    {
        var settings = adapter.Settings;
        var writer = new SafeTensorsWriter();
        foreach (var (name, parameter) in adapter.Named) ModelFile.Add(writer, Prefix + name, parameter);
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
            ["target_modules"] = new JsonArray([.. settings.Targets.Select(t => (JsonNode)t)]),
            ["task_type"] = config.Family.IsMasked ? null : "CAUSAL_LM",
        };
        AtomicFile.WriteText(Path.Combine(folder, ConfigName), json.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n");
    }

    /// <summary>Checks a folder's adapter; null where there is none, or (then problems are added) it can't be used.</summary>
    public static LoraSettings? Check(string folder, ModelConfig config, ICollection<CheckpointProblem> problems)
    {
        int before = problems.Count;
        if (JsonFile.ReadObject(folder, ConfigName, problems) is not { } json)
        {
            if (problems.Count == before && File.Exists(Path.Combine(folder, WeightsName))) problems.Add(new CheckpointProblem(ConfigName, null, $"the file is missing beside {WeightsName}"));
            return null;
        }
        void Wrong(string field, string expected) => problems.Add(new CheckpointProblem(ConfigName, field, "the value can't be used", expected, json[field]?.ToJsonString() ?? "nothing"));
        if (json["peft_type"] is { } type && !(type is JsonValue named && named.TryGetValue(out string? peft) && peft == "LORA")) Wrong("peft_type", "\"LORA\"");
        foreach (string field in (string[])["use_dora", "use_rslora"])
            if (json[field] is JsonValue flag && flag.GetValueKind() == JsonValueKind.True) Wrong(field, "false");
        if (json["r"] is not JsonValue r || !r.TryGetValue(out int rank) || rank < 1) { Wrong("r", "a whole number of at least 1"); rank = 1; }
        if (json["lora_alpha"] is not JsonValue a || !a.TryGetValue(out double alpha) || alpha <= 0) { Wrong("lora_alpha", "a number above 0"); alpha = 1; }
        var targets = json["target_modules"] is JsonArray list && list.All(t => t?.GetValueKind() == JsonValueKind.String) ? list.Select(t => (string)t!).ToList() : [];
        if (targets.Count == 0) Wrong("target_modules", "a list of names");
        if (problems.Count > before) return null;
        var settings = new LoraSettings { Rank = rank, Alpha = alpha, Targets = targets };
        var unknown = new List<string>();
        var projections = settings.Find(config, unknown);
        foreach (string problem in unknown) problems.Add(new CheckpointProblem(ConfigName, "target_modules", problem));
        using var reader = SafeTensorsReader.TryOpenListed(Path.Combine(folder, WeightsName), problems);
        if (reader is null) return null;
        var shapes = config.Family.Layout(config).ToDictionary(p => p.Name, p => p.Shape, StringComparer.Ordinal);
        ModelFile.Check(reader, projections.SelectMany(name =>
        {
            long[] weight = shapes[name + ".weight"];
            var (outputs, inputs) = config.Family is Models.Families.Gpt2Family ? (weight[1], weight[0]) : (weight[0], weight[1]);
            return (ParameterShape[])[ParameterShape.Of($"{Prefix}{name}.lora_A.weight", rank, inputs), ParameterShape.Of($"{Prefix}{name}.lora_B.weight", outputs, rank)];
        }), problems);
        if (problems.Count == before) FiniteNumbers.Check(reader, reader.Tensors.Keys, problems);
        return problems.Count == before ? settings : null;
    }

    /// <summary>Attaches a folder's adapter, which was checked.</summary>
    public static LoraAdapter Load(string folder, LanguageModel model, LoraSettings settings)
    {
        var adapter = new LoraAdapter(model, settings, settings.Find(model.Config, []));
        using var reader = SafeTensorsReader.Open(Path.Combine(folder, WeightsName));
        foreach (var (name, parameter) in adapter.Named) ModelFile.Read(reader, Prefix + name, parameter);
        adapter.eval();
        return adapter;
    }
}
