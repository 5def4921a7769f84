using DiffusionBatch.Diffusion.Data;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Tokenization;

namespace DiffusionBatch.Diffusion.Training;

/// <summary>All that training needs, in the model's ids.</summary>
sealed record PreparedFinetune(LanguageModel Model, ITextTokenizer Tokenizer, EncodedPairs Train, EncodedPairs Validation) : IDisposable
{
    /// <summary>Frees the model's weights (again, where a checkpoint owns them: that does no harm).</summary>
    public void Dispose() => Model.Dispose();
}
