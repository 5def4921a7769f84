using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Adapters;
using DiffusionBatch.Diffusion.Checkpoints;
using DiffusionBatch.Diffusion.Data;
using DiffusionBatch.Diffusion.Training;

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

    /// <summary>The objective of a job, with the attention and the shift that hold.</summary>
    public ObjectiveSettings Objective(FinetuneManifest manifest) => manifest.Objective.Settled(settings?.Attention, settings?.Shift);

    /// <summary>The texts around a job's pairs.</summary>
    /// <exception cref="FormatException">A placeholder is unknown.</exception>
    public PromptTemplate Template(FinetuneManifest manifest) => new(
        manifest.Data.Prompt ?? settings?.Prompt ?? PromptTemplate.Plain.Prompt,
        manifest.Data.Target ?? settings?.Target ?? PromptTemplate.Plain.Target);

    /// <summary>What the trainer is asked for.</summary>
    /// <param name="manifest">The job.</param>
    /// <param name="root">The storage root.</param>
    /// <param name="train">The training pairs.</param>
    /// <param name="validation">The validation pairs.</param>
    /// <param name="output">The folder that takes the checkpoint.</param>
    /// <param name="work">The folder for what resuming needs.</param>
    public FinetuneRequest Request(FinetuneManifest manifest, string root, IReadOnlyList<TrainingPair> train,
        IReadOnlyList<TrainingPair> validation, string output, string work) => new()
        {
            Model = manifest.Model with
            {
                From = Under(root, manifest.Model.From),
                Tokenizer = manifest.Model.Tokenizer is { } tokenizer ? tokenizer with { From = Under(root, tokenizer.From) } : null,
            },
            Train = train,
            Validation = validation,
            Template = Template(manifest),
            MaxLength = manifest.Data.MaxLength,
            Packed = manifest.Data.Packed ?? false,
            PadTo = manifest.Data.PadTo,
            Objective = Objective(manifest),
            Training = manifest.Training,
            TrimVocabulary = manifest.Vocabulary.Trim,
            Freeze = manifest.Freeze,
            Lora = manifest.Lora is { } lora ? new LoraPlan(lora) : null,
            LengthPredictor = manifest.Length.Predictor,
            Dtype = manifest.Dtype,
            Seed = manifest.Seed,
            Output = output,
            Work = work,
        };

    static string? Under(string root, string? path) => path is null ? null : Path.Combine(root, path);
}
