using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Checkpoints;
using DiffusionBatch.Diffusion.Files;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Sampling;
using DiffusionBatch.Diffusion.Tokenization;
using DiffusionBatch.Pipeline.Problems;
using DiffusionBatch.Pipeline.Roots;

namespace DiffusionBatch.GpuWorker.Models;

/// <summary>What is wrong with a model folder, as problems of its files.</summary>
internal static class ModelProblems
{
    /// <summary>Checks a model folder without reading its weights; empty where it can be used.</summary>
    /// <param name="folder">The folder's path.</param>
    /// <param name="name">What problems call it: its path under the root.</param>
    public static IReadOnlyList<Problem> Check(string folder, string name)
    {
        try
        {
            Checkpoint.Check(folder);
            return [];
        }
        catch (Exception e) when (e is CheckpointException or TokenizerException)
        {
            return Of(e, name);
        }
    }

    /// <summary>
    /// Says where a preset doesn't fit a model, and where a model has no mask, or no id for the end of a text, with which sampling closes
    /// each canvas.
    /// </summary>
    /// <param name="folder">The folder's path; the model in it is sound.</param>
    /// <param name="name">What problems call it.</param>
    /// <param name="cells">The samplers.</param>
    public static IReadOnlyList<Problem> CheckCanvas(string folder, string name, IReadOnlyList<SamplerSettings> cells)
    {
        var summary = Checkpoint.Summarise(folder);
        var specials = summary.Specials;
        if (Misfits(summary.Config, summary.Settings, cells) is { Count: > 0 } misfits) return misfits;
        if (specials.Mask < 0 && !summary.Config.Family.GivesScores)
            return [Problem.OfFile(name, "the model has no mask token; a finetune job adds one and adapts the model to it")];
        return specials.Eos >= 0 || cells.All(c => (c.Closing ?? summary.Closing) == CanvasClosing.None) ? []
            : [Problem.OfFile($"{name}/{ModelConfig.FileName}",
                "eos_token_id: sampling closes each canvas with this id; expected one below vocab_size, found none")];
    }

    /// <summary>The presets that can't sample a model, each once.</summary>
    public static IReadOnlyList<Problem> Misfits(ModelConfig config, DiffusionSettings? settings, IEnumerable<SamplerSettings> cells)
    {
        var model = PresetFit.Of(config, settings);
        return [.. cells.Select(c => PresetFit.Problem(c.Preset, model)).OfType<string>().Distinct()
            .Select(message => new Problem("", "/sampler/preset", null, null, message))];
    }

    /// <summary>
    /// Says where a model doesn't predict the token after each position from those before it, as presets without a canvas need.
    /// </summary>
    /// <param name="config">The model's config.json.</param>
    /// <param name="settings">Its diffusion.json, or null.</param>
    /// <param name="name">What problems call its folder.</param>
    public static IReadOnlyList<Problem> CheckNextToken(ModelConfig config, DiffusionSettings? settings, string name)
    {
        const string Needs = "the preset \"autoregressive\" needs a model that predicts the token after each position from those before it";
        if (config.Family.IsEncoderDecoder || settings is null && config.Family.OwnAttention(config) != AttentionKind.Causal)
            return [Problem.OfFile($"{name}/{ModelConfig.FileName}",
                $"model_type: {Needs}, such as GPT-2 and LLaMA; found {config.Family.Type}")];
        if (settings is null) return [];
        string file = $"{name}/{DiffusionSettings.FileName}";
        if (!settings.Shift) return [Problem.OfFile(file, $"shift: {Needs}; expected true, found false")];
        return settings.Attention is AttentionKind.Causal or AttentionKind.Prefix ? []
            : [Problem.OfFile(file, $"attention: {Needs}; expected causal or prefix, found {EnumText.Setting(settings.Attention)}")];
    }

    /// <summary>Opens the tokenizer of a folder and says why there is none.</summary>
    /// <param name="folder">The folder's path.</param>
    /// <param name="name">What problems call it.</param>
    /// <param name="pointer">Where the manifest names it.</param>
    public static IReadOnlyList<Problem> CheckTokenizer(string folder, string name, string pointer)
    {
        try
        {
            return TokenizerFolder.Open(folder) is null ? [new Problem("", pointer, null, null, TokenizerNames.Missing(name))] : [];
        }
        catch (TokenizerException e)
        {
            return Of(e, name);
        }
    }

    /// <summary>The problems that an exception carries.</summary>
    public static IReadOnlyList<Problem> Of(Exception exception, string name) => exception switch
    {
        CheckpointException e => [.. e.Problems.Select(p => new Problem($"{name}/{p.File}", null, p.Line, p.Column, p.Sentence))],
        TokenizerException e => [new Problem($"{name}/{Path.GetFileName(e.File)}", null, e.Line, e.Column, e.Problem)],
        _ => [Problem.OfFile(name, exception.Message)],
    };
}
