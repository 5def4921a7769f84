namespace DiffusionBatch.Diffusion.Training;

/// <summary>Where a new model's tokenizer comes from.</summary>
public abstract record TokenizerSource
{
    /// <summary>A folder with a tokenizer's files.</summary>
    /// <param name="Path">The folder.</param>
    public sealed record Folder(string Path) : TokenizerSource;

    /// <summary>Byte-level BPE trained on the training pairs' prompts and responses.</summary>
    /// <param name="VocabularySize">The number of ids wanted.</param>
    public sealed record TrainBpe(int VocabularySize) : TokenizerSource;
}
