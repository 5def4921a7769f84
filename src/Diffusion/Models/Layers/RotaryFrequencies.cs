using System.Text.Json.Nodes;

namespace DiffusionBatch.Diffusion.Models.Layers;

/// <summary>
/// The frequencies theta_i = base^(-2 i / d_h) of rotary positions, and how config.json's <c>rope_scaling</c> stretches them:
/// linear (all divided by the factor), llama3 and yarn (Peng et al. 2023) by wavelength; dynamic changes nothing within
/// <c>max_position_embeddings</c>. Which fields there may be is checked by <see cref="Families.RotarySettings"/>.
/// </summary>
static class RotaryFrequencies
{
    /// <summary>The kinds that can be computed.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["default", "linear", "dynamic", "llama3", "yarn"];

    /// <summary>The kind that a scaling names; older files call it <c>type</c>.</summary>
    public static string Kind(JsonObject? scaling) => Text(scaling, "rope_type") ?? Text(scaling, "type") ?? "default";

    /// <summary>Frequencies and magnitude.</summary>
    /// <param name="theta">The base.</param>
    /// <param name="headSize">d_h, even.</param>
    /// <param name="maxPositions"><c>max_position_embeddings</c>.</param>
    /// <param name="scaling"><c>rope_scaling</c>, checked, or null.</param>
    public static (double[] Frequencies, double Magnitude) Of(double theta, int headSize, int maxPositions, JsonObject? scaling)
    {
        var plain = new double[headSize / 2];
        for (int i = 0; i < plain.Length; i++) plain[i] = Math.Pow(theta, -2.0 * i / headSize);
        double factor = Number(scaling, "factor") ?? 1;
        return Kind(scaling) switch
        {
            "linear" => (Array.ConvertAll(plain, f => f / factor), 1),
            "llama3" => (Llama3(plain, factor, scaling!), 1),
            "yarn" => (Yarn(plain, theta, headSize, factor, maxPositions, scaling!), YarnMagnitude(factor, scaling!)),
            _ => (plain, 1),
        };
    }

    /// <summary>Long waves are stretched by the factor, short ones stay, those between go over smoothly.</summary>
    static double[] Llama3(double[] plain, double factor, JsonObject scaling)
    {
        double low = Number(scaling, "low_freq_factor")!.Value, high = Number(scaling, "high_freq_factor")!.Value,
            original = Number(scaling, "original_max_position_embeddings")!.Value;
        return Array.ConvertAll(plain, f =>
        {
            double waves = original * f / (2 * Math.PI); // within the original context
            if (waves > high) return f;
            if (waves < low) return f / factor;
            double smooth = (waves - low) / (high - low);
            return (1 - smooth) * f / factor + smooth * f;
        });
    }

    static double[] Yarn(double[] plain, double theta, int headSize, double factor, int maxPositions, JsonObject scaling)
    {
        double original = Number(scaling, "original_max_position_embeddings") ?? maxPositions;
        double Dimension(double turns) => headSize * Math.Log(original / (turns * 2 * Math.PI)) / (2 * Math.Log(theta));
        double low = Dimension(Number(scaling, "beta_fast") ?? 32), high = Dimension(Number(scaling, "beta_slow") ?? 1);
        if (scaling["truncate"] is not JsonValue truncate || !truncate.TryGetValue(out bool whole) || whole)
            (low, high) = (Math.Floor(low), Math.Ceiling(high));
        (low, high) = (Math.Max(low, 0), Math.Min(high, headSize - 1));
        if (low == high) high += 0.001;
        var result = new double[plain.Length];
        for (int i = 0; i < result.Length; i++)
        {
            double stretched = Math.Clamp((i - low) / (high - low), 0, 1);
            result[i] = plain[i] / factor * stretched + plain[i] * (1 - stretched);
        }
        return result;
    }

    static double YarnMagnitude(double factor, JsonObject scaling)
    {
        static double Of(double factor, double scale) => factor <= 1 ? 1 : 0.1 * scale * Math.Log(factor) + 1;
        if (Number(scaling, "attention_factor") is { } given) return given;
        return Number(scaling, "mscale") is { } all && Number(scaling, "mscale_all_dim") is { } part && all != 0 && part != 0
            ? Of(factor, all) / Of(factor, part)
            : Of(factor, 1);
    }

    static double? Number(JsonObject? scaling, string field) =>
        scaling?[field] is JsonValue value && value.TryGetValue(out double number) ? number : null;

    static string? Text(JsonObject? scaling, string field) =>
        scaling?[field] is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
