using System.Text;

namespace DiffusionBatch.Diffusion.Tests.Tokenization;

/// <summary>What the tokenizers do, in the plainest way: a few lines each, slow, over strings.</summary>
internal static class PlainReferences
{
    /// <summary>Merges neighbours one pair at a time: the pair of the lowest rank, the leftmost of equals.</summary>
    /// <param name="symbols">What is merged.</param>
    /// <param name="rank">A pair's rank; null where it doesn't merge.</param>
    public static List<string> Merge(IEnumerable<string> symbols, Func<string, string, double?> rank)
    {
        var list = symbols.ToList();
        while (true)
        {
            int best = -1;
            for (int i = 0; i + 1 < list.Count; i++)
                if (rank(list[i], list[i + 1]) is { } own && (best < 0 || own < rank(list[best], list[best + 1]))) best = i;
            if (best < 0) return list;
            list[best] += list[best + 1];
            list.RemoveAt(best + 1);
        }
    }

    /// <summary>The likeliest cut of a normalized text into pieces, summed as SentencePiece sums; null for an unknown character.</summary>
    public static List<string?> Likeliest(string text, IReadOnlyDictionary<string, float> scores, int longest)
    {
        float unknown = scores.Values.Min() - 10;
        var best = new (float Score, int Start, bool Known)?[text.Length + 1];
        best[0] = (0, 0, true);
        for (int start = 0, width; start < text.Length; start += width)
        {
            width = char.IsHighSurrogate(text[start]) ? 2 : 1;
            float before = best[start]!.Value.Score;
            for (int end = start + 1; end <= Math.Min(text.Length, start + longest); end++)
                if (scores.TryGetValue(text[start..end], out float score)) Offer(end, (double)score + before, start, true);
            if (!scores.ContainsKey(text.Substring(start, width))) Offer(start + width, unknown + before, start, false);
        }
        var pieces = new List<string?>();
        for (int end = text.Length; end > 0; end = best[end]!.Value.Start)
            pieces.Add(best[end]!.Value.Known ? text[best[end]!.Value.Start..end] : null);
        pieces.Reverse();
        return pieces;

        void Offer(int end, double score, int start, bool known)
        {
            if (best[end] is null || score > best[end]!.Value.Score) best[end] = ((float)score, start, known);
        }
    }

    /// <summary>WordPiece of one word: the longest token from the left each time; null where that fails.</summary>
    public static List<string>? Longest(string word, ICollection<string> vocabulary)
    {
        var tokens = new List<string>();
        for (int start = 0; start < word.Length;)
        {
            int end = word.Length;
            while (end > start && !vocabulary.Contains((start > 0 ? "##" : "") + word[start..end])) end--;
            if (end == start) return null;
            tokens.Add((start > 0 ? "##" : "") + word[start..end]);
            start = end;
        }
        return tokens;
    }

    /// <summary>A text's characters, surrogate pairs whole.</summary>
    public static IEnumerable<string> Characters(string text) => text.EnumerateRunes().Select(r => r.ToString());
}
