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

    /// <summary>The numbers that the weights are written in; null for those that they came in, float32 where these don't hold them.</summary>
    [Field("The numbers that the trained weights are written in; `bfloat16` halves the file and rounds them to 8 significant bits. Training computes in `training.precision` either way.", Default = "as the weights came where that holds them, otherwise `float32`")]
    public WeightsType? Dtype { get; init; }

    /// <summary>Patterns of parameter names that are not trained; `*` stands for any characters.</summary>
    [Field("Names of parameters that stay as they are; `*` stands for any characters, e.g. `roberta.embeddings.*`.")]
    public IReadOnlyList<string> Freeze { get; init; } = [];

    /// <summary>Whether the lines are texts, not pairs of prompt and response.</summary>
    public bool ReadsTexts => Data.Packed == true || Objective.ReadsTexts;
}

/// <summary>The pairs to train on and how they become prompts and targets.</summary>
public sealed record TrainingData
{
    /// <summary>JSONL of pairs to train on.</summary>
    [Field("A JSONL file of pairs to train on; each line has `id`, `source` and `target` (one of the two is enough where texts are packed).")]
    [Path(PathRole.InputFile)]
    public required string Train { get; init; }

    /// <summary>JSONL of pairs for the validation loss; null for none.</summary>
    [Field("A JSONL file of pairs, of the same form, on which the loss is measured during training.")]
    [Path(PathRole.InputFile)]
    public string? Validation { get; init; }

    /// <summary>The prompt's template with `{source}`; null for the one that the model was adapted with.</summary>
    [Field("The text before the response; `{source}` stands for the line's source. The sampler uses the same.", Default = "as in the `diffusion.json` of `model.from`, otherwise `{source}`")]
    [Pattern(Patterns.SourceTemplate, "a text with {source} and no other placeholder")]
    public string? Prompt { get; init; }

    /// <summary>The target's template with `{target}`; null for the one that the model was adapted with.</summary>
    [Field("The response; `{target}` stands for the line's target.", Default = "as in the `diffusion.json` of `model.from`, otherwise `{target}`")]
    [Pattern(Patterns.TargetTemplate, "a text with {target} and no other placeholder")]
    public string? Target { get; init; }

    /// <summary>Tokens of the longest pair; longer ones are cut from the left.</summary>
    [Field("Most tokens of a pair, prompt and target together; at most `maxPositions` of a new model. Longer ones are cut from the left, which the log and the report count.")]
    [Within(4, 1048576)]
    public int MaxLength { get; init; } = 256;

    /// <summary>Whether lines are texts, packed one after another.</summary>
    [Field("Whether lines are texts: each `source` and `target`, one of which may be absent, without templates, packed one after another into sequences of `maxLength` tokens. Under the attention `prefix` each sequence is then divided at a random place, anew in each epoch.", Default = "`true` of the process `mlm`, otherwise `false`")]
    public bool? Packed { get; init; }

    /// <summary>Tokens that a response is padded to; null for none.</summary>
    [Field("Number of tokens that responses are filled up to with the closing token, which the model then learns to write: its responses end by themselves. Sample with `length` of source `fixed` and this `value`. Longer responses stay as they are.", Default = "none: responses keep their own lengths")]
    [Within(1, 1048576)]
    public int? PadTo { get; init; }

    /// <summary>What fields must agree on.</summary>
    public IEnumerable<Contradiction> Contradictions()
    {
        if (PadTo > MaxLength - 2) yield return new("padTo", "maxLength", $"expected a padTo of at most maxLength - 2, found {PadTo} with maxLength {MaxLength}");
        if (PadTo is not null && Packed == true) yield return new("padTo", "packed", "there are no responses to pad where texts are packed");
    }
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
    [Field("Whether the updates are added to the weights at the end; otherwise they are kept beside them, in PEFT's two files, and used from there.")]
    public bool Merge { get; init; }
}
