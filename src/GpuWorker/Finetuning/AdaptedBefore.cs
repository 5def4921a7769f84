using DiffusionBatch.Diffusion.Checkpoints;
using DiffusionBatch.Diffusion.Data;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Pipeline.Manifests;

namespace DiffusionBatch.GpuWorker.Finetuning;

/// <summary>
/// What a finetune takes over from the model that it starts from, where its manifest says nothing else: how the network is
/// to be used (attention, shift), and the texts around a pair. What this training does (process, timesteps, weighting and
/// so on) isn't the model's, and not taken over.
/// </summary>
/// <param name="settings">The folder's <c>diffusion.json</c>; null where there is none, or no folder.</param>
internal sealed class AdaptedBefore(DiffusionSettings? settings)
{
    /// <summary>Looks into the folder that a job starts from. What is wrong with it is said where models are checked.</summary>
    public static AdaptedBefore Of(FinetuneManifest manifest, string root) =>
        new(manifest.Model.From is { } from ? DiffusionSettings.Read(Path.Combine(root, from), []) : null);

    /// <summary>The attention of a job.</summary>
    public AttentionStrategy Attention(FinetuneManifest manifest) => manifest.Objective.Attention switch
    {
        null => settings?.Attention ?? AttentionStrategy.Full,
        AttentionKind.Full => AttentionStrategy.Full,
        AttentionKind.Prefix => AttentionStrategy.Prefix,
        AttentionKind.Causal => AttentionStrategy.Causal,
        AttentionKind.Blockwise => AttentionStrategy.Blockwise,
        var other => throw new ArgumentOutOfRangeException(nameof(manifest), other, "No such attention."),
    };

    /// <summary>Whether a job's logits are for the token after their position.</summary>
    public bool Shift(FinetuneManifest manifest) => manifest.Objective.Shift ?? settings?.Shift ?? false;

    /// <summary>The texts around a job's pairs.</summary>
    /// <exception cref="FormatException">A placeholder is unknown.</exception>
    public PromptTemplate Template(FinetuneManifest manifest) => new(
        manifest.Data.Prompt ?? settings?.Prompt ?? PromptTemplate.Plain.Prompt,
        manifest.Data.Target ?? settings?.Target ?? PromptTemplate.Plain.Target);
}
