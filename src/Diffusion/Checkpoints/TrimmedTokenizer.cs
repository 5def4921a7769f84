using DiffusionBatch.Diffusion.Tokenization;

namespace DiffusionBatch.Diffusion.Checkpoints;

/// <summary>A tokenizer in the ids of a model whose vocabulary was trimmed: dropped tokens are <c>&lt;unk&gt;</c>.</summary>
/// <param name="inner">The tokenizer, whole.</param>
/// <param name="map">Which of its ids the model still has.</param>
public sealed class TrimmedTokenizer(ITextTokenizer inner, VocabularyMap map) : ITextTokenizer
{
    readonly int _unknown = map.ToModel(inner.Specials.Unk);

    /// <inheritdoc/>
    public int VocabularySize => map.Count;

    /// <inheritdoc/>
    public SpecialTokens Specials { get; } = Map(inner.Specials, map);

    /// <inheritdoc/>
    public TextFrame Frame { get; } = new([.. inner.Frame.Before.Select(map.ToModel)], [.. inner.Frame.After.Select(map.ToModel)]);

    /// <inheritdoc/>
    public AddedTokensInfo AddedTokens => inner.AddedTokens;

    /// <summary>The tokenizer, whole.</summary>
    public ITextTokenizer Inner => inner;

    /// <summary>Which of its ids the model still has.</summary>
    public VocabularyMap Vocabulary => map;

    /// <inheritdoc/>
    public int[] Encode(string text)
    {
        int[] ids = inner.Encode(text);
        for (int i = 0; i < ids.Length; i++)
        {
            int id = map.ToModel(ids[i]);
            ids[i] = id >= 0 ? id : _unknown;
        }
        return ids;
    }

    /// <inheritdoc/>
    public string Decode(ReadOnlySpan<int> ids)
    {
        var whole = new List<int>(ids.Length);
        foreach (int id in ids)
            if (id >= 0 && id < map.Count) whole.Add(map.ToTokenizer(id));
        return inner.Decode(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(whole));
    }

    /// <summary>Writes the whole tokenizer's files; the map is the checkpoint's to keep.</summary>
    public void Save(string folder) => inner.Save(folder);

    /// <summary>Special tokens in the trimmed vocabulary's ids.</summary>
    public static SpecialTokens Map(SpecialTokens specials, VocabularyMap map)
    {
        ArgumentNullException.ThrowIfNull(specials);
        ArgumentNullException.ThrowIfNull(map);
        return new SpecialTokens(map.ToModel(specials.Bos), map.ToModel(specials.Pad), map.ToModel(specials.Eos), map.ToModel(specials.Unk),
            map.ToModel(specials.Mask));
    }
}
