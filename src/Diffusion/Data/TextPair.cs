namespace DiffusionBatch.Diffusion.Data;

/// <summary>One training or validation pair.</summary>
/// <param name="Id">Its id, unique in its file; random draws are keyed by it.</param>
/// <param name="Source">What stands in for <c>{source}</c>.</param>
/// <param name="Target">What stands in for <c>{target}</c>.</param>
public sealed record TextPair(string Id, string Source, string Target);
