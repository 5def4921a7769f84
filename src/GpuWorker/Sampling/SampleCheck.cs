using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Checkpoints;
using DiffusionBatch.Diffusion.Sampling.Presets;
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
    public static IReadOnlyList<Problem> Run(SampleManifest manifest, string root, IReadOnlySet<string> pending, CancellationToken cancellationToken)
    {
        if (Fingerprint.IsPending(manifest.Model.From, pending)) return [];
        string folder = Path.Combine(root, manifest.Model.From);
        IReadOnlyList<Problem> problems = ModelProblems.Check(folder, manifest.Model.From);
        if (problems.Count == 0) problems = ModelProblems.CheckCanvas(folder, manifest.Model.From, [.. manifest.Cells().Select(c => c.Settings)]);
        if (problems.Count == 0) problems = Presets(manifest, DiffusionSettings.Read(folder, [])?.Process);
        if (problems.Count == 0) problems = ShotsFile.Check(manifest.Shots, root, pending);
        if (problems.Count > 0 || Fingerprint.IsPending(manifest.Input, pending)) return problems;
        string input = manifest.Input;
        try
        {
            if (TokenizerFolder.Open(folder) is not null) return problems;
            return FirstText(Path.Combine(root, input), input, cancellationToken) is not { } text ? [] : [new Problem("", "/model/from", null, null, TokenizerNames.Missing(manifest.Model.From, input, text.Line))];
        }
        catch (TokenizerException e)
        {
            return FirstText(Path.Combine(root, input), input, cancellationToken) is null ? [] : ModelProblems.Of(e, manifest.Model.From);
        }
    }

    /// <summary>The presets that a model can't be sampled with.</summary>
    /// <param name="manifest">The job.</param>
    /// <param name="process">The process that the model was trained in; null where nothing says.</param>
    public static IReadOnlyList<Problem> Presets(SampleManifest manifest, string? process) => process is null ? [] :
    [
        .. manifest.Sampler.ValuesOf("preset").Cast<string>().Where(preset => !SamplerPreset.Registry.Create(preset).Suits(process))
            .Select(preset => new Problem("", "/sampler/preset", null, null,
                $"the preset \"{preset}\" is not for the process \"{process}\" of {manifest.Model.From}; expected {string.Join(" or ", SamplerPreset.Registry.Cards.Select(c => c.Name).Where(name => SamplerPreset.Registry.Create(name).Suits(process)))}")),
    ];

    // Without a tokenizer, or with one that can't be read, only token ids can be read.
    static InputItem? FirstText(string path, string file, CancellationToken cancellationToken)
    {
        foreach (InputItem item in InputReader.ReadSample(path, file))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (item.PromptIds is null && item.Error is null) return item;
        }
        return null;
    }
}
