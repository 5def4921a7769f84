namespace DiffusionBatch.Evaluation.Text;

/// <summary>Numbers for words, so that n-grams compare integers. Ids hold within one segment; memory stays bounded.</summary>
internal sealed class WordIds
{
    const int Most = 100_000;

    readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);

    /// <summary>Begins a segment: ids given before may be given anew.</summary>
    public void Begin()
    {
        if (_ids.Count > Most) Clear();
    }

    /// <summary>Forgets all words.</summary>
    public void Clear() => _ids.Clear();

    /// <summary>The id of a word; a string is allocated only for one that is new.</summary>
    public int Of(ReadOnlySpan<char> word)
    {
        var lookup = _ids.GetAlternateLookup<ReadOnlySpan<char>>();
        if (!lookup.TryGetValue(word, out int id)) lookup[word] = id = _ids.Count;
        return id;
    }

    /// <summary>Appends the ids of the words between white space.</summary>
    public void Split(ReadOnlySpan<char> text, List<int> ids)
    {
        int position = 0;
        while (PythonText.NextWord(text, ref position, out var word)) ids.Add(Of(word));
    }
}
