using DiffusionBatch.Pipeline.Manifests.Fields;

namespace DiffusionBatch.Pipeline.Manifests;

/// <summary>Where a new model's tokenizer comes from: exactly one of <see cref="Train"/> and <see cref="From"/>.</summary>
[ExactlyOne("train", "from")]
[Needs("vocabularySize", "train")]
public sealed record TokenizerSource
{
    /// <summary>The kind of tokenizer to train on the training texts; null where one is read.</summary>
    [Field("Trains a tokenizer on the sources and targets of `data.train`; `bpe` is byte-level byte-pair encoding.")]
    public TokenizerKind? Train { get; init; }

    /// <summary>Number of pieces of a trained tokenizer, its special tokens included.</summary>
    [Field("Number of pieces of a trained tokenizer, its 5 special tokens and the 256 bytes included.")]
    [Within(261, 1000000)]
    public int VocabularySize { get; init; } = 8000;

    /// <summary>A folder with tokenizer files; null where one is trained.</summary>
    [Field("A folder with tokenizer files.")]
    [Path(PathRole.InputFolder)]
    public string? From { get; init; }
}
