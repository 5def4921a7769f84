namespace DiffusionBatch.Diffusion.Tokenization.WordPiece;

/// <summary>What <see cref="BertNormalizer"/> does.</summary>
/// <param name="Lowercase">Whether letters are made small (uncased models).</param>
/// <param name="StripAccents">Whether accents are taken away; in the published models as <paramref name="Lowercase"/>.</param>
/// <param name="SplitChinese">Whether each Chinese character is a word.</param>
/// <param name="Basic">Whether anything is done but to split at white space.</param>
internal sealed record BertNormalizerOptions(bool Lowercase = true, bool StripAccents = true, bool SplitChinese = true, bool Basic = true);
