using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Contracts.Strategies;
using DiffusionBatch.Diffusion.Checkpoints;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Tokenization;
using DiffusionBatch.GpuWorker.Models;
using DiffusionBatch.Pipeline.Fingerprints;
using DiffusionBatch.Pipeline.Inputs;
using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Problems;
using DiffusionBatch.Pipeline.Roots;

namespace DiffusionBatch.GpuWorker.Sampling;

/// <summary>What is wrong with a sample job's model, and with an input that this model can't read.</summary>
internal static class SampleCheck
{
    /// <summary>Checks what is there already.</summary>
    public static IReadOnlyList<Problem> Run(SampleManifest manifest, string root, IReadOnlySet<string> pending,
        CancellationToken cancellationToken)
    {
        if (Fingerprint.IsPending(manifest.Model.From, pending)) return [];
        string folder = Path.Combine(root, manifest.Model.From);
        IReadOnlyList<Problem> problems = ModelProblems.Check(folder, manifest.Model.From);
        if (problems.Count == 0) problems = CheckPresets(manifest, folder);
        if (problems.Count == 0) problems = ShotsFile.Check(manifest.Shots, root, pending);
        if (problems.Count > 0 || Fingerprint.IsPending(manifest.Input, pending)) return problems;
        string input = manifest.Input;
        try
        {
            if (TokenizerFolder.Open(folder) is not null) return problems;
            return FirstText(Path.Combine(root, input), input, cancellationToken) is not { } text
                ? []
                : [new Problem("", "/model/from", null, null, TokenizerNames.Missing(manifest.Model.From, input, text.Line))];
        }
        catch (TokenizerException e)
        {
            return FirstText(Path.Combine(root, input), input, cancellationToken) is null ? [] : ModelProblems.Of(e, manifest.Model.From);
        }
    }

    static IReadOnlyList<Problem> CheckPresets(SampleManifest manifest, string folder)
    {
        SamplerSettings[] canvases = [.. manifest.Cells().Select(c => c.Settings).Where(settings => !IsNextToken(settings))];
        if (canvases.Length > 0 && ModelProblems.CheckCanvas(folder, manifest.Model.From, canvases) is { Count: > 0 } problems)
            return problems;
        var model = Checkpoint.Summarise(folder);
        return CheckSettings(manifest, model.Config, model.Settings);
    }

    /// <summary>Checks what the cells' samplers ask of the model itself.</summary>
    /// <param name="manifest">The job.</param>
    /// <param name="config">The model's config.json.</param>
    /// <param name="settings">Its diffusion.json, or null.</param>
    public static IReadOnlyList<Problem> CheckSettings(SampleManifest manifest, ModelConfig config, DiffusionSettings? settings)
    {
        SamplerSettings[] cells = [.. manifest.Cells().Select(c => c.Settings)];
        if (ModelProblems.Misfits(config, settings, cells) is { Count: > 0 } misfits) return misfits;
        if (config.Family.IsEncoderDecoder && cells.Any(cell => cell.Cache is CacheKind.Prefix or CacheKind.Dual))
            return [new Problem("", "/sampler/cache", null, null,
                $"the model's architecture, {config.Family.Type}, reads prompts apart; expected the cache \"none\"")];
        return cells.Any(IsNextToken) ? ModelProblems.CheckNextToken(config, settings, manifest.Model.From) : [];
    }

    /// <summary>Whether a sampler writes behind a prompt, without a canvas and without a mask.</summary>
    public static bool IsNextToken(SamplerSettings sampler) =>
        StrategyCatalog.Find(StrategyKind.Preset, sampler.Preset)?.Is(StrategyTraits.NextToken) ?? false;

    // Without a tokenizer, or with one that can't be read, only token ids can be read.
    static InputItem? FirstText(string path, string file, CancellationToken cancellationToken)
    {
        foreach (InputItem item in InputReader.ReadSample(path, file))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if ((item.PromptIds is null || item.Template is not null) && item.Error is null) return item;
        }
        return null;
    }
}
