using DiffusionBatch.Pipeline.Manifests.Fields;

namespace DiffusionBatch.Pipeline.Manifests;

/// <summary>The pairs to train on and how they become prompts and targets.</summary>
public sealed record TrainingData
{
    /// <summary>JSONL of pairs to train on.</summary>
    [Field("A JSONL file of pairs to train on; each line has `id`, `source` and `target` (one of the two is enough for the process `mlm`).")]
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
}
