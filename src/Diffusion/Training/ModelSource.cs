using DiffusionBatch.Diffusion.Models;

namespace DiffusionBatch.Diffusion.Training;

/// <summary>Where a finetune's model comes from.</summary>
public abstract record ModelSource
{
    /// <summary>A Hugging Face folder or an earlier finetune's output.</summary>
    /// <param name="Path">The folder.</param>
    public sealed record Folder(string Path) : ModelSource;

    /// <summary>A new model with a tokenizer of its own.</summary>
    /// <param name="Spec">Its shape.</param>
    /// <param name="Tokenizer">Its tokenizer.</param>
    public sealed record New(NewModelSpec Spec, TokenizerSource Tokenizer) : ModelSource;
}
