using DiffusionBatch.Diffusion.Data;
using DiffusionBatch.Diffusion.Tokenization;

namespace DiffusionBatch.Diffusion.Training;

/// <summary>
/// Pairs to tokens: templates rendered and encoded once, packed after the vocabulary is settled; token ids stay as they are.
/// </summary>
sealed class FinetuneData
{
    const int CancellationPeriod = 1024;
    readonly List<Item> _items;

    FinetuneData(List<Item> items) => _items = items;

    /// <summary>Renders and encodes pairs.</summary>
    public static FinetuneData Encode(IReadOnlyList<TrainingPair> pairs, PromptTemplate template, ITextTokenizer tokenizer,
        Action<int> done, CancellationToken cancellationToken)
    {
        var items = new List<Item>(pairs.Count);
        foreach (var pair in pairs)
        {
            if (items.Count % CancellationPeriod == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                done(items.Count);
            }
            if (pair.IsTokens)
            {
                items.Add(new Item(pair.Id, pair.PromptIds ?? [], pair.TargetIds ?? [], Begins: false));
                continue;
            }
            var (prompt, response) = (pair.Template ?? template).Render(pair.Source, pair.Target);
            items.Add(new Item(pair.Id, tokenizer.Encode(pair.Before + prompt), tokenizer.Encode(response), Begins: true));
        }
        return new FinetuneData(items);
    }

    /// <summary>Which ids occur.</summary>
    public bool[] Used(int vocabularySize)
    {
        var used = new bool[vocabularySize];
        foreach (var (_, prompt, response, _) in _items)
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
        foreach (var (_, first, second, _) in _items)
            foreach (int[] text in (ReadOnlySpan<int[]>)[first, second])
            {
                if (text.Length == 0) continue;
                foreach (int id in text) Add(map is null ? id : map(id));
                Add(specials.Eos);
            }
        if (sequence.Count > 1) Close();
        _items.Clear();
        return packed;
    }

    /// <summary>
    /// Packs the sequences, each id through <paramref name="map"/>, responses filled up to <paramref name="padTo"/> tokens with
    /// <c>&lt;/s&gt;</c>.
    /// </summary>
    public EncodedPairs Pack(int maxLength, SpecialTokens specials, Func<int, int>? map, int padTo = 0)
    {
        var packed = new EncodedPairs(maxLength, specials.Bos, specials.Eos);
        foreach (var (id, prompt, response, begins) in _items)
        {
            if (map is not null)
            {
                for (int i = 0; i < prompt.Length; i++) prompt[i] = map(prompt[i]);
                for (int i = 0; i < response.Length; i++) response[i] = map(response[i]);
            }
            int[] filled = response.Length >= padTo ? response : [.. response, .. Enumerable.Repeat(specials.Eos, padTo - response.Length)];
            packed.Add(id, prompt, filled, begins);
        }
        _items.Clear();
        return packed;
    }

    /// <summary>A pair in tokens.</summary>
    /// <param name="Id">The pair's id.</param>
    /// <param name="Prompt">The prompt without specials, or as it stands.</param>
    /// <param name="Response">The response without specials.</param>
    /// <param name="Begins">Whether <c>&lt;s&gt;</c> comes before the prompt.</param>
    readonly record struct Item(string Id, int[] Prompt, int[] Response, bool Begins);
}
