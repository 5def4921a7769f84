using System.Text.Json;
using System.Text.Json.Nodes;
using DiffusionBatch.Diffusion.Models.Layers;

namespace DiffusionBatch.Diffusion.Models.Families;

/// <summary>
/// How config.json has positions turned. Older files say it in <c>rope_theta</c> and <c>rope_scaling</c>, newer ones all in
/// <c>rope_parameters</c>, and some have parts of it in each: they are read as one, and what contradicts or isn't understood
/// is refused.
/// </summary>
sealed class RotarySettings
{
    const string Theta = "rope_theta", Kind = "rope_type", Share = "partial_rotary_factor", Factor = "factor",
        Original = "original_max_position_embeddings";
    static readonly string[] Blocks = ["rope_scaling", "rope_parameters"];

    /// <summary>What each kind has beside the base, the kind's name and the rotated share.</summary>
    static readonly Dictionary<string, string[]> Understood = new(StringComparer.Ordinal)
    {
        ["default"] = [],
        ["linear"] = [Factor],
        ["dynamic"] = [Factor, Original],
        ["llama3"] = [Factor, "low_freq_factor", "high_freq_factor", Original],
        ["yarn"] = [Factor, Original, "attention_factor", "beta_fast", "beta_slow", "mscale", "mscale_all_dim", "truncate"],
    };

    readonly Dictionary<string, (JsonNode Value, string Place)> _fields = new(StringComparer.Ordinal);

    /// <summary>The settings of a config.json that was checked.</summary>
    public RotarySettings(ModelConfig config) => Read(config, null);

    RotarySettings(ConfigCheck check) => Read(check.Config, check);

    /// <summary>The base; 10000 where nothing is said.</summary>
    public double Base => Number(Theta) ?? 10000;

    /// <summary>All fields of the blocks, under their newer names.</summary>
    public JsonObject Scaling => new(_fields.Select(f => KeyValuePair.Create(f.Key, (JsonNode?)f.Value.Value.DeepClone())));

    /// <summary>Adds what contradicts, can't be computed or isn't understood.</summary>
    public static void Check(ConfigCheck check)
    {
        var settings = new RotarySettings(check);
        if (settings._fields.ContainsKey(Theta) && settings.Number(Theta) is not (> 1 and < double.PositiveInfinity))
            settings.Wrong(check, Theta, "a number above 1");
        if (settings._fields.ContainsKey(Share) && settings.Number(Share) is not 1) settings.Wrong(check, Share, "1");
        settings.CheckKind(check);
    }

    void Read(ModelConfig config, ConfigCheck? check)
    {
        foreach (string field in (string[])[Theta, Share]) Take(field, field, config.Raw(field), check);
        foreach (string block in Blocks)
        {
            if (config.Raw(block) is not { } node) continue;
            if (Block(block, node, check) is not { } found) continue;
            foreach (var (name, value) in found) Take($"{block}.{name}", name == "type" ? Kind : name, value, check);
        }
    }

    /// <summary>A block's fields. One that has settings for each type of layer stands for them where they are all the same.</summary>
    static JsonObject? Block(string block, JsonNode node, ConfigCheck? check)
    {
        if (node is not JsonObject found)
        {
            check?.Wrong(block, "an object");
            return null;
        }
        if (found.Count == 0 || found.Any(f => f.Value is not JsonObject)) return found;
        var types = found.Select(f => (JsonObject)f.Value!).ToList();
        if (types.TrueForAll(type => JsonNode.DeepEquals(type, types[0]))) return types[0];
        check?.Wrong(block, "the same settings for all types of layers");
        return null;
    }

    void Take(string place, string field, JsonNode? value, ConfigCheck? check)
    {
        if (value is null) return;
        if (!_fields.TryGetValue(field, out var before)) _fields.Add(field, (value, place));
        else if (!Same(before.Value, value))
            check?.Add(place, $"the value contradicts {before.Place}", before.Value.ToJsonString(), value.ToJsonString());
    }

    void CheckKind(ConfigCheck check)
    {
        string kind = "default";
        if (_fields.TryGetValue(Kind, out var named)
            && !(named.Value is JsonValue value && value.TryGetValue(out kind!) && Understood.ContainsKey(kind)))
        {
            check.Wrong(named.Place.Split('.')[0], $"{Kind} {string.Join(" or ", RotaryFrequencies.Kinds)}");
            return;
        }
        string[] understood = Understood[kind];
        foreach (var (field, (found, place)) in _fields)
            if (field is not (Theta or Kind or Share) && !understood.Contains(field))
                check.Add(place, $"the field is not understood for rotary positions of the kind \"{kind}\"",
                    understood.Length == 0 ? "no other field" : string.Join(", ", understood), found.ToJsonString());
        foreach (string field in understood)
        {
            bool required = kind == "llama3" || kind is "linear" or "yarn" && field == Factor;
            if (!_fields.ContainsKey(field))
            {
                if (!required) continue;
                check.Wrong(named.Place.Split('.')[0], $"{field}, a positive number");
                return;
            }
            if (field == "truncate")
            {
                if (_fields[field].Value.GetValueKind() is not (JsonValueKind.True or JsonValueKind.False))
                    Wrong(check, field, "true or false");
            }
            else if (field.StartsWith("mscale", StringComparison.Ordinal)
                ? Number(field) is not (>= 0 and < double.PositiveInfinity)
                : Number(field) is not (> 0 and < double.PositiveInfinity))
            {
                Wrong(check, field, field.StartsWith("mscale", StringComparison.Ordinal) ? "a number, not negative" : "a positive number");
            }
        }
        if (kind == "llama3" && Number("high_freq_factor") <= Number("low_freq_factor"))
            Wrong(check, "high_freq_factor", "a number above low_freq_factor");
        // Within max_position_embeddings this kind changes nothing; from another length on it would.
        if (kind == "dynamic" && Number(Original) is { } original && original != check.Config.MaxPositionEmbeddings)
            Wrong(check, Original, $"max_position_embeddings, {check.Config.MaxPositionEmbeddings}");
    }

    void Wrong(ConfigCheck check, string field, string expected) =>
        check.Add(_fields[field].Place, "the value can't be used", expected, _fields[field].Value.ToJsonString());

    double? Number(string field) => _fields.TryGetValue(field, out var found) && found.Value is JsonValue value
        && value.TryGetValue(out double number) ? number : null;

    static bool Same(JsonNode one, JsonNode other) =>
        one is JsonValue a && other is JsonValue b && a.TryGetValue(out double x) && b.TryGetValue(out double y)
            ? x == y
            : JsonNode.DeepEquals(one, other);
}
