namespace DiffusionBatch.Diffusion.Checkpoints;

/// <summary>
/// A trimmed vocabulary: which of the tokenizer's ids a model still has. Kept ids stay in order, so the mask token, the
/// tokenizer's last, stays the last.
/// </summary>
public sealed class VocabularyMap
{
    readonly int[] _kept;
    readonly Dictionary<int, int> _trimmed;

    /// <summary>Creates a map.</summary>
    /// <param name="kept">For each id of the model the tokenizer's id, ascending.</param>
    /// <exception cref="ArgumentException">The ids don't ascend, or are negative.</exception>
    public VocabularyMap(IReadOnlyList<int> kept)
    {
        ArgumentNullException.ThrowIfNull(kept);
        _kept = [.. kept];
        _trimmed = new Dictionary<int, int>(kept.Count);
        for (int i = 0; i < kept.Count; i++)
        {
            if (kept[i] < 0 || (i > 0 && kept[i] <= kept[i - 1]))
                throw new ArgumentException("The kept ids must ascend from 0 or more.", nameof(kept));
            _trimmed[kept[i]] = i;
        }
    }

    /// <summary>For each id of the model the tokenizer's id, ascending.</summary>
    public IReadOnlyList<int> Kept => _kept;

    /// <summary>The model's number of ids.</summary>
    public int Count => _kept.Length;

    /// <summary>The model's id for a tokenizer's id, or -1 where it was dropped.</summary>
    public int ToModel(int tokenizerId) => _trimmed.GetValueOrDefault(tokenizerId, -1);

    /// <summary>The tokenizer's id for a model's id.</summary>
    public int ToTokenizer(int modelId) => _kept[modelId];

    /// <summary>The map that trims again: <paramref name="inner"/> keeps some of this map's ids.</summary>
    public VocabularyMap Then(VocabularyMap inner)
    {
        ArgumentNullException.ThrowIfNull(inner);
        return new VocabularyMap([.. inner._kept.Select(i => _kept[i])]);
    }
}
