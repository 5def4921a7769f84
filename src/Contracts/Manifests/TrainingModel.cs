using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Contracts.Strategies;

namespace DiffusionBatch.Contracts.Manifests;

/// <summary>The model that a finetune job starts from: exactly one of <see cref="From"/> and <see cref="New"/>.</summary>
[ExactlyOne("from", "new")]
[Needs("tokenizer", "new")]
public sealed record TrainingModel
{
    /// <summary>A Hugging Face folder or another job's output; null for a new model.</summary>
    [Field("A model folder in the Hugging Face layout (`config.json`, `model.safetensors`, tokenizer files), or an earlier finetune "
        + "job's output.")]
    [Path(PathRole.InputFolder)]
    public string? From { get; init; }

    /// <summary>The shape of a new model; null where one is read.</summary>
    [Field("The shape of a new model with random weights.")]
    public NewModel? New { get; init; }

    /// <summary>The new model's tokenizer; null where the model's folder brings it.</summary>
    [Field("The tokenizer of a new model: trained on the training texts, or taken from a folder. Needed with `new`, and only there, but "
        + "for a `vocabularySize`.")]
    public TokenizerSource? Tokenizer { get; init; }
}

/// <summary>A model that exists, or that an earlier job of the pipeline makes.</summary>
public sealed record ModelReference
{
    /// <summary>The model's folder.</summary>
    [Field("A model folder in the Hugging Face layout, or an earlier finetune job's output.")]
    [Path(PathRole.InputFolder)]
    public required string From { get; init; }
}

/// <summary>The shape of a new model.</summary>
public sealed record NewModel
{
    /// <summary>The architecture.</summary>
    [Field("The network's family.")]
    [StrategyField(StrategyKind.Architecture)]
    public string Architecture { get; init; } = "xlm-roberta";

    /// <summary>Width d of the hidden states; a multiple of <see cref="Heads"/>.</summary>
    [Field("Width of the hidden states; a multiple of `heads`.")]
    [Within(1, 65536)]
    public int HiddenSize { get; init; } = 256;

    /// <summary>Number of transformer layers.</summary>
    [Field("Number of transformer layers.")]
    [Within(1, 512)]
    public int Layers { get; init; } = 6;

    /// <summary>Number of attention heads H.</summary>
    [Field("Number of attention heads; it divides `hiddenSize`.")]
    [Within(1, 1024)]
    public int Heads { get; init; } = 4;

    /// <summary>Width of the feed-forward layers.</summary>
    [Field("Width of the feed-forward layers; those of `sedd` are four times as wide as `hiddenSize` whatever stands here, as published.")]
    [Within(1, 262144)]
    public int FeedForwardSize { get; init; } = 1024;

    /// <summary>Tokens of the longest canvas; config.json's `max_position_embeddings` is two more in the RoBERTa family.</summary>
    [Field("Most tokens that prompt, response and the closing token have together (`max_position_embeddings` in config.json is two more "
        + "in the RoBERTa family).")]
    [Within(8, 1048576)]
    public int MaxPositions { get; init; } = 256;

    /// <summary>V of a model without a tokenizer; null where a tokenizer says it.</summary>
    [Field("Number of ids of a model without a tokenizer, which trains on `promptIds` and `targetIds` alone: `<s>` is 0, `<pad>` 1, "
        + "`</s>` 2, the mask the last id.", Default = "the tokenizer's")]
    [Within(4, 1000000)]
    public int? VocabularySize { get; init; }

    /// <summary>Dropout probability in training, [0, 1).</summary>
    [Field("Share of activations that are dropped in training.")]
    [Within(0, 1, BelowMaximum = true)]
    public double Dropout { get; init; } = 0.1;

    /// <summary>What fields must agree on.</summary>
    public IEnumerable<Contradiction> Contradictions()
    {
        if (HiddenSize % Math.Max(1, Heads) != 0)
            yield return new("heads", "hiddenSize", $"expected a number of heads that divides hiddenSize {HiddenSize}, found {Heads}");
    }
}

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

/// <summary>Tokenizers that can be trained.</summary>
[LaterValues("sentencepiece", "unigram", "wordpiece")]
public enum TokenizerKind
{
    /// <summary>Byte-level byte-pair encoding, as RoBERTa's.</summary>
    Bpe,
}

/// <summary>What happens to the model's vocabulary.</summary>
public sealed record VocabularySettings
{
    /// <summary>Whether pieces that the training texts don't use are dropped.</summary>
    [Field("Whether pieces that the training texts don't use are dropped from the embeddings, which makes the model smaller and faster.")]
    public bool Trim { get; init; }
}
