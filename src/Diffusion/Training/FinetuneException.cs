namespace DiffusionBatch.Diffusion.Training;

/// <summary>A finetune that can't be run as asked, with everything that is wrong with it at once.</summary>
public sealed class FinetuneException(IReadOnlyList<string> problems) : Exception(string.Join("\n", problems))
{
    /// <summary>All problems, at least one.</summary>
    public IReadOnlyList<string> Problems { get; } = problems;
}
