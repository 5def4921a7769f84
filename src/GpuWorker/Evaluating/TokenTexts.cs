using DiffusionBatch.Diffusion.Checkpoints;
using DiffusionBatch.Diffusion.Files;
using DiffusionBatch.Diffusion.Tokenization;
using DiffusionBatch.Pipeline.Results;

namespace DiffusionBatch.GpuWorker.Evaluating;

/// <summary>Texts of single tokens, by the tokenizer of the model that made the results, where it still lies where it was.</summary>
internal static class TokenTexts
{
    /// <summary>The texts with the blanks that belong to them; empty where there is no tokenizer.</summary>
    /// <param name="root">The storage root.</param>
    /// <param name="results">What the results' folder says of itself: it names all that its job read.</param>
    /// <param name="ids">The tokens.</param>
    public static IReadOnlyDictionary<int, string> Of(string root, OutputManifest? results, IReadOnlyCollection<int> ids)
    {
        foreach (string source in results?.Sources?.Keys ?? [])
        {
            string folder = Path.Combine(root, source);
            if (Directory.Exists(folder) && Open(folder) is { } tokenizer) return Of(tokenizer, ids);
        }
        return new Dictionary<int, string>();
    }

    /// <summary>The texts of tokens.</summary>
    public static IReadOnlyDictionary<int, string> Of(ITextTokenizer tokenizer, IReadOnlyCollection<int> ids)
    {
        var texts = new Dictionary<int, string>();
        // A token's own leading blank shows after another token only: tokenizers drop it at a text's beginning.
        int anchor = ids.Order().FirstOrDefault(id => tokenizer.Decode([id]).Trim().Length > 0, -1);
        string before = anchor < 0 ? "" : tokenizer.Decode([anchor]);
        foreach (int id in ids)
        {
            string after = anchor < 0 ? "" : tokenizer.Decode([anchor, id]);
            texts[id] = Special(tokenizer.Specials, id)
                ?? (after.Length > before.Length
                    && after.StartsWith(before, StringComparison.Ordinal) ? after[before.Length..] : tokenizer.Decode([id]));
        }
        return texts;
    }

    static string? Special(SpecialTokens specials, int id) =>
        id == specials.Eos ? "</s>" : id == specials.Bos ? "<s>" : id == specials.Pad ? "<pad>" : id == specials.Unk
            ? "<unk>"
            : id == specials.Mask ? "<mask>" : null;

    static ITextTokenizer? Open(string folder)
    {
        try
        {
            ITextTokenizer? tokenizer = TokenizerFolder.Open(folder);
            var problems = new List<CheckpointProblem>();
            int[]? kept = tokenizer is null ? null : DiffusionSettings.Read(folder, problems)?.Vocabulary;
            return problems.Count > 0 ? null : kept is null ? tokenizer : new TrimmedTokenizer(tokenizer!, new VocabularyMap(kept));
        }
        catch (TokenizerException)
        {
            return null; // ids are shown instead
        }
    }
}
