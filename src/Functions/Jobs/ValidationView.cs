namespace DiffusionBatch.Functions.Jobs;

/// <summary>The answer to a manifest without problems.</summary>
/// <param name="Valid">True.</param>
public sealed record ValidationView(bool Valid);
