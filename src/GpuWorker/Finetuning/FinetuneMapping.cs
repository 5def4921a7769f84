using DiffusionBatch.Diffusion.Data;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Processes;
using DiffusionBatch.Diffusion.SafeTensors;
using DiffusionBatch.Diffusion.Training;
using DiffusionBatch.Pipeline.Manifests;
using Manifests = DiffusionBatch.Pipeline.Manifests;

namespace DiffusionBatch.GpuWorker.Finetuning;

/// <summary>A finetune manifest in the trainer's own terms.</summary>
internal static class FinetuneMapping
{
    /// <summary>The request.</summary>
    /// <param name="manifest">The job.</param>
    /// <param name="before">What it takes over from the model that it starts from.</param>
    /// <param name="root">The storage root.</param>
    /// <param name="train">The training pairs.</param>
    /// <param name="validation">The validation pairs.</param>
    /// <param name="output">The folder that takes the checkpoint.</param>
    /// <param name="work">The folder for what resuming needs.</param>
    public static FinetuneRequest Map(
        FinetuneManifest manifest, AdaptedBefore before, string root, IReadOnlyList<TextPair> train, IReadOnlyList<TextPair> validation, string output, string work) => new()
        {
            Model = Model(manifest.Model, root),
            Train = train,
            Validation = validation,
            Template = before.Template(manifest),
            MaxLength = manifest.Data.MaxLength,
            Objective = Objective(manifest, before),
            Training = Training(manifest.Training),
            TrimVocabulary = manifest.Vocabulary.Trim,
            Freeze = manifest.Freeze,
            Lora = Lora(manifest),
            LengthPredictor = manifest.Length.Predictor is { } predictor ? new LengthPredictorSettings { Steps = predictor.Steps } : null,
            WeightsType = manifest.Dtype switch
            {
                null => null,
                Manifests.WeightsType.Float32 => SafeTensorType.F32,
                Manifests.WeightsType.Bfloat16 => SafeTensorType.BF16,
                var other => throw new ArgumentOutOfRangeException(nameof(manifest), other, "No such type of weights."),
            },
            Seed = manifest.Seed,
            Output = output,
            Work = work,
        };

    /// <summary>The low-rank updates, or null.</summary>
    public static Diffusion.Adapters.LoraSettings? Lora(FinetuneManifest manifest) => manifest.Lora is { } lora
        ? new Diffusion.Adapters.LoraSettings { Rank = lora.Rank, Alpha = lora.Alpha, Targets = lora.Targets, Merge = lora.Merge }
        : null;

    static ModelSource Model(TrainingModel model, string root)
    {
        if (model.From is { } folder) return new ModelSource.Folder(Path.Combine(root, folder));
        NewModel made = model.New!;
        Manifests.TokenizerSource tokenizer = model.Tokenizer!;
        return new ModelSource.New(
            new NewModelSpec
            {
                Architecture = made.Architecture == Architecture.EncoderDecoder ? "bart" : EnumText.Of(made.Architecture),
                HiddenSize = made.HiddenSize,
                Layers = made.Layers,
                Heads = made.Heads,
                FeedForwardSize = made.FeedForwardSize,
                MaxPositions = made.MaxPositions,
                Dropout = made.Dropout,
            },
            tokenizer.From is { } from
                ? new Diffusion.Training.TokenizerSource.Folder(Path.Combine(root, from))
                : new Diffusion.Training.TokenizerSource.TrainBpe(tokenizer.VocabularySize));
    }

    /// <summary>The objective.</summary>
    /// <param name="manifest">The job.</param>
    /// <param name="before">What it takes over.</param>
    public static Diffusion.Processes.ObjectiveSettings Objective(FinetuneManifest manifest, AdaptedBefore before) => new()
    {
        Process = EnumText.Of(manifest.Objective.Process),
        Timesteps = manifest.Objective.Timesteps,
        Weighting = manifest.Objective.Weighting switch
        {
            Manifests.LossWeighting.Linear => Diffusion.Processes.LossWeighting.Linear,
            Manifests.LossWeighting.Reciprocal => Diffusion.Processes.LossWeighting.Reciprocal,
            Manifests.LossWeighting.None => Diffusion.Processes.LossWeighting.None,
            var other => throw new ArgumentOutOfRangeException(nameof(manifest), other, "No such weighting."),
        },
        Coupled = manifest.Objective.Coupled,
        LabelSmoothing = manifest.Objective.LabelSmoothing,
        Shift = before.Shift(manifest),
        AnnealSteps = manifest.Objective.AnnealSteps,
        Ratio = manifest.Objective.Ratio ?? 0.15,
        WholeWord = manifest.Objective.WholeWord ?? false,
        Attention = before.Attention(manifest),
    };

    static Diffusion.Training.TrainingSettings Training(Manifests.TrainingSettings training) => new()
    {
        Steps = training.Steps,
        BatchTokens = training.BatchTokens,
        Accumulate = training.Accumulate,
        LearningRate = training.LearningRate,
        MinLearningRate = training.MinLearningRate,
        WarmupSteps = training.EffectiveWarmupSteps,
        Schedule = training.Schedule switch
        {
            Manifests.LearningRateSchedule.Constant => ScheduleKind.Constant,
            Manifests.LearningRateSchedule.Linear => ScheduleKind.Linear,
            Manifests.LearningRateSchedule.Cosine => ScheduleKind.Cosine,
            Manifests.LearningRateSchedule.InverseSqrt => ScheduleKind.InverseSqrt,
            var other => throw new ArgumentOutOfRangeException(nameof(training), other, "No such schedule."),
        },
        Beta1 = training.Betas[0],
        Beta2 = training.Betas[1],
        Epsilon = training.Epsilon,
        WeightDecay = training.WeightDecay,
        ClipNorm = training.ClipNorm,
        EvaluateEvery = training.EvaluateEvery,
        CheckpointEvery = training.CheckpointEvery,
        RecomputeActivations = training.RecomputeActivations,
        Precision = training.Precision switch
        {
            Manifests.Precision.Float32 => Diffusion.Training.Precision.Float32,
            Manifests.Precision.Bfloat16 => Diffusion.Training.Precision.BFloat16,
            Manifests.Precision.Auto => Diffusion.Training.Precision.Auto,
            var other => throw new ArgumentOutOfRangeException(nameof(training), other, "No such precision."),
        },
    };
}
