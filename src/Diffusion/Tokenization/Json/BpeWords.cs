using System.Runtime.InteropServices;
using System.Text;
using Microsoft.ML.Tokenizers;

namespace DiffusionBatch.Diffusion.Tokenization.Json;

/// <summary>
/// BPE of one word, with what tokenizer.json has beyond the library: unknown characters as bytes or fused, whole words first.
/// </summary>
/// <param name="vocabulary">Tokens with their ids.</param>
/// <param name="merges">"left right", the first to be merged first.</param>
/// <param name="bpe">The merging; it sees known characters only, and no long words.</param>
/// <param name="unknown">The unknown token's id, or -1: unknown characters are left out.</param>
/// <param name="fuseUnknown">Whether a run of unknown characters is one id.</param>
/// <param name="byteFallback">Whether an unknown character becomes its bytes' tokens where the vocabulary has them.</param>
/// <param name="wholeWords">Whether a word that is a token is not merged.</param>
internal sealed class BpeWords(Dictionary<string, int> vocabulary, IReadOnlyList<string> merges, BpeTokenizer bpe, int unknown,
    bool fuseUnknown, bool byteFallback, bool wholeWords)
{
    readonly Lazy<MergeTable> _merges = new(() => MergeTable.Of(vocabulary, merges));

    /// <summary>Appends a word's ids.</summary>
    public void Encode(string word, List<int> ids)
    {
        if (wholeWords && vocabulary.TryGetValue(word, out int whole))
        {
            ids.Add(whole);
            return;
        }
        var lookup = vocabulary.GetAlternateLookup<ReadOnlySpan<char>>();
        int known = 0; // where the run of known characters began
        bool afterUnknown = false;
        for (int at = 0, width; at < word.Length; at += width)
        {
            Rune.DecodeFromUtf16(word.AsSpan(at), out _, out width);
            var character = word.AsSpan(at, width);
            if (lookup.ContainsKey(character))
            {
                afterUnknown = false;
                continue;
            }
            // No merge crosses a character that the vocabulary lacks.
            Merge(word.AsSpan(known, at - known), ids);
            known = at + width;
            if (byteFallback && AddBytes(character, ids)) afterUnknown = false;
            else if (unknown >= 0 && !(fuseUnknown && afterUnknown))
            {
                ids.Add(unknown);
                afterUnknown = true;
            }
        }
        Merge(word.AsSpan(known), ids);
    }

    void Merge(ReadOnlySpan<char> characters, List<int> ids)
    {
        if (characters.IsEmpty) return;
        if (characters.Length <= MergeTable.LongestForLibrary)
        {
            ids.AddRange(bpe.EncodeToIds(characters, considerPreTokenization: false));
            return;
        }
        var lookup = vocabulary.GetAlternateLookup<ReadOnlySpan<char>>();
        var symbols = new List<int>(characters.Length);
        for (int at = 0, width; at < characters.Length; at += width)
        {
            Rune.DecodeFromUtf16(characters[at..], out _, out width);
            symbols.Add(lookup[characters.Slice(at, width)]);
        }
        var merged = CollectionsMarshal.AsSpan(symbols);
        ids.AddRange(merged[.._merges.Value.Merge(merged)]);
    }

    bool AddBytes(ReadOnlySpan<char> character, List<int> ids)
    {
        Span<byte> bytes = stackalloc byte[4];
        int count = Encoding.UTF8.GetBytes(character, bytes), before = ids.Count;
        foreach (byte b in bytes[..count])
        {
            if (!vocabulary.TryGetValue($"<0x{b:X2}>", out int id))
            {
                ids.RemoveRange(before, ids.Count - before);
                return false;
            }
            ids.Add(id);
        }
        return true;
    }
}
