namespace DiffusionBatch.Diffusion.Tokenization.Added;

/// <summary>A piece of a text: an added token, or what stands between two of them.</summary>
/// <param name="Id">The added token's id; -1 for plain text.</param>
/// <param name="Text">The plain text; empty for a token.</param>
/// <param name="IsStart">Whether it begins the whole text.</param>
/// <param name="IsNormalized">Whether the plain text has been normalized.</param>
internal readonly record struct TextPart(int Id, string Text, bool IsStart, bool IsNormalized = false);
