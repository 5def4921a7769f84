namespace DiffusionBatch.Diffusion.Tokenization;

/// <summary>
/// Trains a byte-level BPE vocabulary (Sennrich et al. 2016; GPT-2's bytes and split; RoBERTa's ids and files):
/// &lt;s&gt; 0, &lt;pad&gt; 1, &lt;/s&gt; 2, &lt;unk&gt; 3, the 256 bytes, the merged pieces in order, &lt;mask&gt; last.
/// </summary>
public static class BpeTrainer
{
    const int Leading = 4;

    /// <summary>The smallest vocabulary: all bytes and the special tokens.</summary>
    public const int MinimumVocabularySize = Leading + 256 + 1;

    /// <summary>Trains on texts; the same texts in any order give the same vocabulary.</summary>
    /// <param name="texts">The corpus; read once, only its unique pieces are kept.</param>
    /// <param name="vocabularySize">Number of ids wanted. Fewer come out where no pair occurs twice any more.</param>
    /// <param name="cancellationToken">Stops between two texts or merges.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="vocabularySize"/> is under
    /// <see cref="MinimumVocabularySize"/>.</exception>
    public static ITextTokenizer Train(IEnumerable<string> texts, int vocabularySize, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(texts);
        ArgumentOutOfRangeException.ThrowIfLessThan(vocabularySize, MinimumVocabularySize);
        var words = new WordCounter();
        foreach (string text in texts)
        {
            cancellationToken.ThrowIfCancellationRequested();
            words.Add(text);
        }
        var merger = new PairMerger(words.Words());
        merger.Run(vocabularySize - Leading - 1, cancellationToken);

        var names = SpecialNames.Roberta;
        var ids = new Dictionary<string, int>(StringComparer.Ordinal)
        {
            [names.Bos!] = 0,
            [names.Pad!] = 1,
            [names.Eos!] = 2,
            [names.Unk!] = 3
        };
        foreach (string piece in merger.Pieces) ids.Add(piece, ids.Count);
        ids.Add(names.Mask!, ids.Count);
        return new ByteLevelBpeTokenizer(new BpeVocabulary(ids, merger.Merges, names, AddPrefixSpace: true));
    }
}
