using System.Text;

namespace DiffusionBatch.Diffusion.Tokenization;

/// <summary>Counts the pieces of a corpus: what BPE training works on in place of the texts.</summary>
internal sealed class WordCounter
{
    readonly Dictionary<string, long> _counts = new(StringComparer.Ordinal);

    /// <summary>Counts the pieces of a text, with the space that encoding puts before it.</summary>
    public void Add(string text)
    {
        if (text.Length == 0) return;
        var lookup = _counts.GetAlternateLookup<ReadOnlySpan<char>>();
        ReadOnlySpan<char> rest = " " + text;
        while (!rest.IsEmpty)
        {
            int length = Gpt2PreTokenizer.PieceLength(rest);
            lookup[rest[..length]] = lookup.TryGetValue(rest[..length], out long count) ? count + 1 : 1;
            rest = rest[length..];
        }
    }

    /// <summary>The unique pieces as bytes with their counts, in ordinal order.</summary>
    public List<(byte[] Bytes, long Count)> Words() =>
        [.. _counts.OrderBy(w => w.Key, StringComparer.Ordinal).Select(w => (Encoding.UTF8.GetBytes(w.Key), w.Value))];
}
