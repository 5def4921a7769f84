using DiffusionBatch.Pipeline.Manifests.Fields;

namespace DiffusionBatch.Pipeline.Manifests;

/// <summary>The model that a finetune job starts from: exactly one of <see cref="From"/> and <see cref="New"/>.</summary>
[ExactlyOne("from", "new")]
[Needs("new", "tokenizer")]
[Needs("tokenizer", "new")]
public sealed record TrainingModel
{
    /// <summary>A Hugging Face folder or another job's output; null for a new model.</summary>
    [Field("A model folder in the Hugging Face layout (`config.json`, `model.safetensors`, tokenizer files), or an earlier finetune job's output.")]
    [Path(PathRole.InputFolder)]
    public string? From { get; init; }

    /// <summary>The shape of a new model; null where one is read.</summary>
    [Field("The shape of a new model with random weights.")]
    public NewModel? New { get; init; }

    /// <summary>The new model's tokenizer; null where the model's folder brings it.</summary>
    [Field("The tokenizer of a new model: trained on the training texts, or taken from a folder. Needed with `new`, and only there.")]
    public TokenizerSource? Tokenizer { get; init; }
}
