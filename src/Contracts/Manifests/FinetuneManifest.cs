using DiffusionBatch.Contracts.Fields;

namespace DiffusionBatch.Contracts.Manifests;

/// <summary>A finetune job: a pretrained or a new model is trained on pairs of texts.</summary>
public sealed record FinetuneManifest : WorkManifest
{
    /// <inheritdoc/>
    public override JobKind Kind => JobKind.Finetune;

    /// <summary>The model to start from.</summary>
    [Field("The model to start from: a folder, or the shape of a new one.")]
    public required TrainingModel Model { get; init; }

    /// <summary>The pairs to train on.</summary>
    [Field("The pairs to train on and how a pair becomes a prompt and a target.")]
    public required TrainingData Data { get; init; }

    /// <summary>How texts are noised and what the loss is.</summary>
    [Field("How targets are noised in training and how the loss is weighted.")]
    public ObjectiveSettings Objective { get; init; } = new();

    /// <summary>Steps, batches, learning rate.</summary>
    [Field("Steps, batches and the optimizer.")]
    public TrainingSettings Training { get; init; } = new();

    /// <summary>What happens to the vocabulary.</summary>
    [Field("What happens to the model's vocabulary before training.")]
    public VocabularySettings Vocabulary { get; init; } = new();

    /// <summary>How response lengths are learned.</summary>
    [Field("How the lengths of responses are learned.")]
    public LengthTraining Length { get; init; } = new();

    /// <summary>Low-rank updates to train in place of the weights; null to train the weights.</summary>
    [Field("Trains low-rank updates of some projections in place of the weights (LoRA).", Default = "the weights are trained")]
    public LoraSettings? Lora { get; init; }

    /// <summary>
    /// The numbers that the weights are written in; null for those that they came in, float32 where these don't hold them.
    /// </summary>
    [Field("The numbers that the trained weights are written in; `bfloat16` halves the file and rounds them to 8 significant bits. "
        + "Training computes in `training.precision` either way.",
            Default = "as the weights came where that holds them, otherwise `float32`")]
    public WeightsType? Dtype { get; init; }

    /// <summary>Patterns of parameter names that are not trained; `*` stands for any characters.</summary>
    [Field("Names of parameters that stay as they are; `*` stands for any characters, e.g. `roberta.embeddings.*`.")]
    public IReadOnlyList<string> Freeze { get; init; } = [];

    /// <summary>Whether the lines are texts, not pairs of prompt and response.</summary>
    public bool ReadsTexts => Data.Packed == true || Objective.ReadsTexts;
}

/// <summary>Low-rank updates of projections (LoRA).</summary>
public record LoraSettings
{
    /// <summary>Rank r of the updates.</summary>
    [Field("Rank of the updates.")]
    [Within(1, 65536)]
    public int Rank { get; init; } = 16;

    /// <summary>alpha; updates are scaled by alpha / rank.</summary>
    [Field("Scale of the updates, times `rank`.")]
    [Within(0, 1e6, AboveMinimum = true)]
    public double Alpha { get; init; } = 16;

    /// <summary>The projections, by name or the end of it.</summary>
    [Field("The projections that are updated: whole names or their last parts, e.g. `q_proj` and `v_proj`, or `query` and `value`.")]
    [Count(1)]
    public required IReadOnlyList<string> Targets { get; init; }

    /// <summary>Whether the updates end in the weights.</summary>
    [Field("Whether the updates are added to the weights at the end; otherwise they are kept beside them, in PEFT's two files, and used "
        + "from there.")]
    public bool Merge { get; init; }
}
