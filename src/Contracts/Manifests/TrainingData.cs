using DiffusionBatch.Contracts.Fields;

namespace DiffusionBatch.Contracts.Manifests;

/// <summary>The pairs to train on and how they become prompts and targets.</summary>
public sealed record TrainingData
{
    /// <summary>JSONL of pairs to train on.</summary>
    [Field("A JSONL file of pairs to train on; each line has `id`, `source` and `target` (one of the two is enough where texts are "
        + "packed), or `promptIds` and `targetIds` in their place: token ids as they stand, `</s>` is added.")]
    [Path(PathRole.InputFile)]
    public required string Train { get; init; }

    /// <summary>The most pairs of <see cref="Train"/>; null for all.</summary>
    [Field("Most pairs that are taken of `train`; which ones, the seed draws.", Default = "all")]
    [Within(1, 1000000000)]
    public int? Most { get; init; }

    /// <summary>Further files to train on; null for none.</summary>
    [Field("Further files to train on, each at a rate of its own: an instruction mixture.", Default = "none")]
    [Count(1)]
    public IReadOnlyList<MixedFile>? Mixture { get; init; }

    /// <summary>JSONL of pairs for the validation loss; null for none.</summary>
    [Field("A JSONL file of pairs, of the same form, on which the loss is measured during training.")]
    [Path(PathRole.InputFile)]
    public string? Validation { get; init; }

    /// <summary>The prompt's template with `{source}`; null for the one that the model was adapted with.</summary>
    [Field("The text before the response; `{source}` stands for the line's source. The sampler uses the same.",
        Default = "as in the `diffusion.json` of `model.from`, otherwise `{source}`")]
    [Pattern(Patterns.SourceTemplate, "a text with {source} and no other placeholder")]
    public string? Prompt { get; init; }

    /// <summary>The target's template with `{target}`; null for the one that the model was adapted with.</summary>
    [Field("The response; `{target}` stands for the line's target.",
        Default = "as in the `diffusion.json` of `model.from`, otherwise `{target}`")]
    [Pattern(Patterns.TargetTemplate, "a text with {target} and no other placeholder")]
    public string? Target { get; init; }

    /// <summary>Demonstrations before each prompt; null for none.</summary>
    [Field("Solved examples before each prompt (few-shot).", Default = "none")]
    public Shots? Shots { get; init; }

    /// <summary>Tokens of the longest pair; longer ones are cut from the left.</summary>
    [Field("Most tokens of a pair, prompt and target together; at most `maxPositions` of a new model. Longer ones are cut from the left, "
        + "which the log and the report count.")]
    [Within(4, 1048576)]
    public int MaxLength { get; init; } = 256;

    /// <summary>Whether lines are texts, packed one after another.</summary>
    [Field("Whether lines are texts: each `source` and `target`, one of which may be absent, without templates, packed one after another "
        + "into sequences of `maxLength` tokens. Under the attention `prefix` each sequence is then divided at a random place, anew in "
        + "each epoch.", Default = "`true` of the process `mlm`, otherwise `false`")]
    public bool? Packed { get; init; }

    /// <summary>Tokens that a response is padded to; null for none.</summary>
    [Field("Number of tokens that responses are filled up to with the closing token, which the model then learns to write: its responses "
        + "end by themselves. Sample with `length` of source `fixed` and this `value`. Longer responses stay as they are.",
            Default = "none: responses keep their own lengths")]
    [Within(1, 1048576)]
    public int? PadTo { get; init; }

    /// <summary>What fields must agree on.</summary>
    public IEnumerable<Contradiction> Contradictions()
    {
        if (PadTo > MaxLength - 2)
            yield return new("padTo", "maxLength", $"expected a padTo of at most maxLength - 2, found {PadTo} with maxLength {MaxLength}");
        if (PadTo is not null && Packed == true)
            yield return new("padTo", "packed", "there are no responses to pad where texts are packed");
    }
}

/// <summary>One file of an instruction mixture.</summary>
public sealed record MixedFile
{
    /// <summary>JSONL of pairs.</summary>
    [Field("A JSONL file of pairs, as `data.train`.")]
    [Path(PathRole.InputFile)]
    public required string Train { get; init; }

    /// <summary>The most pairs of the file; null for all.</summary>
    [Field("Most pairs that are taken of the file, which keeps large tasks from drowning small ones (examples-proportional mixing with a "
        + "maximum); which ones, the seed draws.", Default = "all")]
    [Within(1, 1000000000)]
    public int? Most { get; init; }

    /// <summary>How often each pair occurs in an epoch.</summary>
    [Field("How often each pair occurs in an epoch: 2 is twice, 0.5 every other one, drawn by the seed.")]
    [Within(0, 1000, AboveMinimum = true)]
    public double Rate { get; init; } = 1;

    /// <summary>The file's own prompt with `{source}`; null for the job's.</summary>
    [Field("The text before the response of this file's pairs.", Default = "as of `data.prompt`")]
    [Pattern(Patterns.SourceTemplate, "a text with {source} and no other placeholder")]
    public string? Prompt { get; init; }

    /// <summary>The file's own response with `{target}`; null for the job's.</summary>
    [Field("The response of this file's pairs.", Default = "as of `data.target`")]
    [Pattern(Patterns.TargetTemplate, "a text with {target} and no other placeholder")]
    public string? Target { get; init; }
}

/// <summary>Demonstrations: pairs, written as prompt and response, that stand before an item's own prompt.</summary>
public sealed record Shots
{
    /// <summary>JSONL of the pairs to draw from.</summary>
    [Field("A JSONL file of pairs with `source` and `target`, from which each item's demonstrations are drawn by the seed and the item's "
        + "id; a pair with the item's own id is never one of its demonstrations.")]
    [Path(PathRole.InputFile)]
    public required string File { get; init; }

    /// <summary>How many an item gets.</summary>
    [Field("Number of demonstrations before each prompt.")]
    [Within(1, 256)]
    public int Count { get; init; } = 3;

    /// <summary>The text behind each demonstration.</summary>
    [Field("The text behind each demonstration.", Default = "an empty line: `\\n\\n`")]
    public string Separator { get; init; } = "\n\n";
}
