using DiffusionBatch.Diffusion.Data;
using DiffusionBatch.Diffusion.Tokenization;

namespace DiffusionBatch.Diffusion.Training;

/// <summary>Texts to tokens: templates rendered and encoded once, packed after the vocabulary is settled.</summary>
sealed class FinetuneData
{
    const int CancellationPeriod = 1024;
    readonly List<(string Id, int[] Prompt, int[] Response)> items;

    FinetuneData(List<(string, int[], int[])> items) => this.items = items;

    /// <summary>Renders and encodes pairs.</summary>
    public static FinetuneData Encode(IReadOnlyList<TextPair> pairs, PromptTemplate template, ITextTokenizer tokenizer, Action<int> done, CancellationToken cancellationToken)
    {
        var items = new List<(string, int[], int[])>(pairs.Count);
        foreach (var pair in pairs)
        {
            if (items.Count % CancellationPeriod == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                done(items.Count);
            }
            var (prompt, response) = template.Render(pair.Source, pair.Target);
            items.Add((pair.Id, tokenizer.Encode(prompt), tokenizer.Encode(response)));
        }
        return new FinetuneData(items);
    }

    /// <summary>Which ids occur.</summary>
    public bool[] Used(int vocabularySize)
    {
        var used = new bool[vocabularySize];
        foreach (var (_, prompt, response) in items)
        {
            foreach (int id in prompt) used[id] = true;
            foreach (int id in response) used[id] = true;
        }
        return used;
    }

    /// <summary>
    /// Packs texts one after another: <c>&lt;s&gt;</c>, then text after text, each with its
    /// <c>&lt;/s&gt;</c>, cut into sequences of <paramref name="maxLength"/> tokens; a text goes on in the next sequence.
    /// </summary>
    public EncodedPairs PackTexts(int maxLength, SpecialTokens specials, Func<int, int>? map)
    {
        var packed = new EncodedPairs(maxLength, specials.Bos, specials.Eos);
        var sequence = new List<int>(maxLength) { specials.Bos };
        void Add(int id)
        {
            sequence.Add(id);
            if (sequence.Count == maxLength) Close();
        }
        void Close()
        {
            packed.AddSequence($"packed {packed.Count}", System.Runtime.InteropServices.CollectionsMarshal.AsSpan(sequence));
            sequence.Clear();
            sequence.Add(specials.Bos);
        }
        foreach (var (_, first, second) in items)
            foreach (int[] text in (ReadOnlySpan<int[]>)[first, second])
            {
                if (text.Length == 0) continue;
                foreach (int id in text) Add(map is null ? id : map(id));
                Add(specials.Eos);
            }
        if (sequence.Count > 1) Close();
        items.Clear();
        return packed;
    }

    /// <summary>Packs the sequences, each id through <paramref name="map"/>, responses filled up to <paramref name="padTo"/> tokens with <c>&lt;/s&gt;</c>.</summary>
    public EncodedPairs Pack(int maxLength, SpecialTokens specials, Func<int, int>? map, int padTo = 0)
    {
        var packed = new EncodedPairs(maxLength, specials.Bos, specials.Eos);
        foreach (var (id, prompt, response) in items)
        {
            if (map is not null)
            {
                for (int i = 0; i < prompt.Length; i++) prompt[i] = map(prompt[i]);
                for (int i = 0; i < response.Length; i++) response[i] = map(response[i]);
            }
            packed.Add(id, prompt, response.Length >= padTo ? response : [.. response, .. Enumerable.Repeat(specials.Eos, padTo - response.Length)]);
        }
        items.Clear();
        return packed;
    }
}
