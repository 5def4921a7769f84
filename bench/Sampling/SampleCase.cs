using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Checkpoints;
using DiffusionBatch.Diffusion.Sampling;

namespace DiffusionBatch.Bench;

/// <summary>One way to sample: argmax, cosine schedule, re-masking without condition, lengths predicted.</summary>
/// <param name="Steps">S.</param>
/// <param name="Beam">Lengths tried for each item.</param>
internal sealed record SampleCase(int Steps, int Beam)
{
    /// <summary>As a sweep's folders are named.</summary>
    internal string Name => string.Create(CultureInfo.InvariantCulture, $"steps={Steps},length.beam={Beam}");

    /// <summary>Ours.</summary>
    internal SamplerSettings Cell => new() { Steps = Steps, Length = new LengthSettings { Beam = Beam } };

    /// <summary>The peer's.</summary>
    internal JsonObject Settings(Checkpoint checkpoint, IEnumerable<SampleItem> items) => new()
    {
        ["model"] = Path.GetFullPath(checkpoint.Folder),
        ["eos"] = checkpoint.Specials.Eos,
        ["mask"] = checkpoint.Specials.Mask,
        ["steps"] = Steps,
        ["beam"] = Beam,
        ["prompts"] = new JsonArray([.. items.Select(item => JsonSerializer.SerializeToNode(item.PromptIds))]),
    };

    /// <summary>Loads the checkpoint that the options name.</summary>
    /// <exception cref="ArgumentException">It or the items aren't there.</exception>
    internal static Checkpoint Open(BenchOptions options) =>
        File.Exists(Path.Combine(options.Model, "config.json")) && File.Exists(options.Items)
            ? Checkpoint.Load(options.Model)
            : throw new ArgumentException($"no checkpoint in "
                + $"'{options.Model}' or no items in '{options.Items}': ./dbatch demo makes both, --model and --items name others");

    /// <summary>What is sampled with, and from what, in words.</summary>
    internal static string Describe(Checkpoint checkpoint, SampleItem[] items)
    {
        var config = checkpoint.Model.Config;
        return string.Create(CultureInfo.InvariantCulture, $"{config.Layers} layers, hidden {config.HiddenSize}, "
            + $"vocabulary {config.VocabularySize}; prompts of {items.Average(i => i.PromptIds.Length):F1} tokens");
    }

    /// <summary>The first items of a JSONL file with <c>source</c> or <c>promptIds</c>.</summary>
    /// <exception cref="ArgumentException">A line can't be used.</exception>
    internal static SampleItem[] Read(string file, int count, Checkpoint checkpoint)
    {
        string template = checkpoint.Settings?.Prompt ?? "{source}";
        return [.. File.ReadLines(file).Take(count).Select((line, index) =>
        {
            using var json = JsonDocument.Parse(line);
            var root = json.RootElement;
            int[] prompt = root.TryGetProperty("promptIds", out var ids) ? [.. ids.EnumerateArray().Select(id => id.GetInt32())]
                : root.TryGetProperty("source", out var source) && checkpoint.Tokenizer is { } tokenizer
                    ? [checkpoint.Specials.Bos,
                        .. tokenizer.Encode(template.Replace("{source}", source.GetString(), StringComparison.Ordinal))]
                    : throw new ArgumentException($"--items: line {index + 1} has no promptIds, nor a source for the model's tokenizer");
            return new SampleItem { Id = root.TryGetProperty("id", out var id) ? id.GetString()! : $"line-{index + 1}",
                PromptIds = prompt };
        })];
    }
}
