using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Adapters;
using DiffusionBatch.Diffusion.Files;
using DiffusionBatch.Diffusion.Models;

namespace DiffusionBatch.Diffusion.Checkpoints;

/// <summary>
/// PEFT's <c>adapter_config.json</c> of a LoRA. Every field is heeded, known to change nothing, or refused by name where it is
/// set: an adapter that is computed otherwise than it was trained is another model.
/// </summary>
sealed class PeftConfig
{
    /// <summary>
    /// Fields about where an adapter comes from, how it was trained, or that only come into play with one that is refused.
    /// </summary>
    static readonly string[] WithoutEffect =
    [
        "auto_mapping", "base_model_name_or_path", "ensure_weight_tying", "eva_config", "fan_in_fan_out", "inference_mode", "lora_dropout",
        "megatron_core", "peft_version", "qalora_group_size", "revision", "runtime_config", "task_type",
    ];

    /// <summary>Fields that are read.</summary>
    static readonly string[] Heeded =
    [
        "alpha_pattern", "bias", "exclude_modules", "init_lora_weights", "layers_pattern", "layers_to_transform", "lora_alpha", "peft_type",
        "r",
        "rank_pattern", "target_modules", "use_rslora",
    ];

    /// <summary>First values that leave the model's own weights alone; the others take from them what the adapter begins with.</summary>
    static readonly string[] PlainBeginnings = ["gaussian", "orthogonal", "eva"];

    readonly JsonObject _json;
    readonly ICollection<CheckpointProblem> _problems;
    readonly List<(Regex Pattern, int Value)> _ranks = [];
    readonly List<(Regex Pattern, double Value)> _alphas = [];
    readonly List<string>? _targets, _excluded;
    readonly Regex? _target, _exclusion;
    readonly List<Regex> _layerPatterns;
    readonly HashSet<int>? _layers;
    readonly bool _isAll;
    readonly int _rank;
    readonly double _alpha;

    /// <summary>Reads the fields; what is wrong with them is added to the problems.</summary>
    public PeftConfig(JsonObject json, ICollection<CheckpointProblem> problems)
    {
        (_json, _problems) = (json, problems);
        if (json["peft_type"] is not null && Text("peft_type") != "LORA") Wrong("peft_type", "\"LORA\"");
        _rank = Integer(json["r"] ?? 8) ?? 0;
        if (_rank < 1) Wrong("r", "a whole number of at least 1");
        _alpha = Number(json["lora_alpha"] ?? 8.0) ?? 0;
        if (_alpha is not (> 0 and < double.PositiveInfinity)) Wrong("lora_alpha", "a number above 0");
        foreach (string flag in (string[])["use_rslora", "fan_in_fan_out"])
            if (json[flag]?.GetValueKind() is not (null or JsonValueKind.True or JsonValueKind.False)) Wrong(flag, "true or false");
        if (json["bias"] is not null && Text("bias") != "none") Wrong("bias", "\"none\": the biases are the model's own");
        if (json["init_lora_weights"] is { } first && first.GetValueKind() is not (JsonValueKind.True or JsonValueKind.False)
            && !PlainBeginnings.Contains(Text("init_lora_weights")))
            Wrong("init_lora_weights", $"true, false or {string.Join(" or ", PlainBeginnings.Select(b => $"\"{b}\""))}");
        _isAll = string.Equals(Text("target_modules"), "all-linear", StringComparison.OrdinalIgnoreCase);
        (_targets, _target) = Modules("target_modules");
        if (_isAll) (_targets, _target) = (null, null);
        else if (_targets is null or [] && _target is null && json["target_modules"] is not JsonValue)
            Wrong("target_modules", "a list of names, a regular expression or \"all-linear\"");
        (_excluded, _exclusion) = Modules("exclude_modules");
        _layers = Layers();
        _layerPatterns = LayerPatterns();
        Patterns("rank_pattern", "whole numbers of at least 1 by a pattern of names", _ranks,
            node => Integer(node) is >= 1 and var r ? r : null);
        Patterns("alpha_pattern", "numbers above 0 by a pattern of names", _alphas,
            node => Number(node) is (> 0 and < double.PositiveInfinity) and var a ? a : null);
        foreach (var (field, value) in json)
            if (!Heeded.Contains(field) && !WithoutEffect.Contains(field) && !IsEmpty(value))
                Wrong(field, "null, false or nothing: it is not supported");
    }

    /// <summary>The settings with each projection's rank and alpha.</summary>
    /// <param name="config">The model's configuration.</param>
    /// <param name="isOfBody">Whether modules are called by their names in the body alone.</param>
    public LoraPlan? Resolve(ModelConfig config, bool isOfBody)
    {
        string body = config.Family.BodyPrefix;
        string Module(string projection) =>
            isOfBody && projection.StartsWith(body, StringComparison.Ordinal) ? projection[body.Length..] : projection;
        var all = LoraPlan.Projections(config);
        bool found = true;
        foreach (string name in _targets ?? [])
            if (!all.Exists(projection => Names(name, Module(projection))))
            {
                found = false;
                _problems.Add(new CheckpointProblem(LoraFiles.ConfigName, "target_modules",
                    $"'{name}' names no projection; there are {LoraPlan.Kinds(all)}"));
            }
        try
        {
            var chosen = all.Where(projection => IsTarget(Module(projection))).ToList();
            if (chosen.Count == 0 && found)
                _problems.Add(new CheckpointProblem(LoraFiles.ConfigName, "target_modules",
                    $"no projection is chosen; there are {LoraPlan.Kinds(all)}"));
            return new LoraPlan
            {
                Rank = _rank,
                Alpha = _alpha,
                IsRankStabilized = _json["use_rslora"]?.GetValueKind() == JsonValueKind.True,
                Targets = _targets ?? [Text("target_modules")!],
                Chosen = chosen,
                Ranks = Own(chosen, _ranks, _rank, Module),
                Alphas = Own(chosen, _alphas, _alpha, Module),
            };
        }
        catch (RegexMatchTimeoutException e)
        {
            _problems.Add(new CheckpointProblem(LoraFiles.ConfigName, null, "a regular expression takes too long", "one that is quick",
                e.Pattern));
            return null;
        }
    }

    bool IsTarget(string module)
    {
        if (_exclusion is not null ? _exclusion.IsMatch(module) : _excluded?.Exists(name => Names(name, module)) == true) return false;
        if (_target is not null ? !_target.IsMatch(module) : !_isAll && !_targets!.Exists(name => Names(name, module))) return false;
        if (_layers is null) return true;
        var layer = _layerPatterns.Select(pattern => pattern.Match(module)).FirstOrDefault(match => match.Success);
        return layer is not null && int.TryParse(layer.Groups["layer"].Value, out int number) && _layers.Contains(number);
    }

    static Dictionary<string, T>? Own<T>(List<string> projections, List<(Regex Pattern, T Value)> patterns, T usual,
        Func<string, string> module)
    {
        var own = new Dictionary<string, T>(StringComparer.Ordinal);
        foreach (string projection in projections)
            if (patterns.Find(p => p.Pattern.IsMatch(module(projection))) is { Pattern: not null } found && !Equals(found.Value, usual))
                own.Add(projection, found.Value);
        return own.Count == 0 ? null : own;
    }

    /// <summary>A list of names, or one regular expression.</summary>
    (List<string>? Names, Regex? Pattern) Modules(string field)
    {
        switch (_json[field])
        {
            case null:
                return (null, null);
            case JsonArray list when list.All(t => t?.GetValueKind() == JsonValueKind.String):
                return ([.. list.Select(t => (string)t!)], null);
            case JsonValue when Text(field) is { } text:
                if (text.Length == 0 && field == "exclude_modules") return (null, null);
                if (text.Length > 0 && ModulePattern.Whole(text) is { } pattern) return (null, pattern);
                break;
        }
        Wrong(field, "a list of names or a regular expression");
        return (null, null);
    }

    HashSet<int>? Layers()
    {
        if (_json["layers_to_transform"] is not { } node) return null;
        var numbers = node is JsonArray list ? list.Select(n => n is null ? null : Integer(n)).ToList() : [Integer(node)];
        if (numbers.Contains(null)) Wrong("layers_to_transform", "a layer's number, or a list of them");
        else if (numbers.Count > 0 && _target is not null)
            Wrong("layers_to_transform", "null where target_modules is a regular expression");
        return numbers.Count == 0 ? null : [.. numbers.OfType<int>()];
    }

    List<Regex> LayerPatterns()
    {
        var texts = _json["layers_pattern"] switch
        {
            null => [],
            JsonArray list => list.Select(t => t is JsonValue value && value.TryGetValue(out string? text) ? text : null).ToList(),
            _ => [Text("layers_pattern")],
        };
        texts.Remove("");
        if (texts.Count == 0) return [ModulePattern.Layer("[^.]*")!];
        var patterns = texts.Select(text => text is null ? null : ModulePattern.Layer(text)).ToList();
        if (patterns.Contains(null)) Wrong("layers_pattern", "a regular expression, or a list of them");
        else if (_layers is null) Wrong("layers_pattern", "null where layers_to_transform names no layer");
        return [.. patterns.OfType<Regex>()];
    }

    void Patterns<T>(string field, string expected, List<(Regex, T)> patterns, Func<JsonNode, T?> read) where T : struct
    {
        if (_json[field] is null) return;
        if (_json[field] is JsonObject entries)
        {
            foreach (var (key, value) in entries)
                if (value is not null && read(value) is { } number && ModulePattern.End(key) is { } pattern)
                    patterns.Add((pattern, number));
                else Wrong(field, expected, $"\"{key}\": {value?.ToJsonString() ?? "null"}");
        }
        else
        {
            Wrong(field, expected);
        }
    }

    static bool Names(string target, string module) => module == target || module.EndsWith("." + target, StringComparison.Ordinal);

    static bool IsEmpty(JsonNode? node) => node switch
    {
        null or JsonArray { Count: 0 } or JsonObject { Count: 0 } => true,
        JsonValue value => value.GetValueKind() == JsonValueKind.False || value.TryGetValue(out string? text) && text.Length == 0,
        _ => false,
    };

    string? Text(string field) => _json[field] is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    static int? Integer(JsonNode node) => node is JsonValue value && value.TryGetValue(out int number) ? number : null;

    static double? Number(JsonNode node) => node is JsonValue value && value.TryGetValue(out double number) ? number : null;

    void Wrong(string field, string expected, string? found = null) =>
        _problems.Add(new CheckpointProblem(LoraFiles.ConfigName, field, "the value can't be used", expected, found
            ?? _json[field]?.ToJsonString() ?? "nothing"));
}
