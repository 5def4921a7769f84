namespace DiffusionBatch.Evaluation.Text;

/// <summary>
/// Numbers for words, so that n-grams compare integers. Ids hold within one segment, and the table is as small as a
/// segment, so that it stays in the nearest cache; without <see cref="Begin"/> they hold for good. Nothing is allocated a word.
/// </summary>
internal sealed class WordIds
{
    readonly CharBuffer _texts = new();
    Slot[] _slots = new Slot[256];
    int _count;
    int _stamp = 1;

    /// <summary>Begins a segment: ids given before are given anew.</summary>
    public void Begin() => Clear();

    /// <summary>Forgets all words.</summary>
    public void Clear()
    {
        _stamp++;
        _count = 0;
        _texts.Clear();
    }

    /// <summary>The id of a word, numbered from 0 as they come.</summary>
    public int Of(ReadOnlySpan<char> word)
    {
        if (2 * (_count + 1) > _slots.Length) Grow();
        int hash = string.GetHashCode(word), at = hash & (_slots.Length - 1);
        for (; _slots[at].Stamp == _stamp; at = (at + 1) & (_slots.Length - 1))
        {
            ref readonly Slot slot = ref _slots[at];
            if (slot.Hash == hash && word.SequenceEqual(_texts.Written.Slice(slot.Start, slot.Length))) return slot.Id;
        }
        _slots[at] = new Slot(_stamp, hash, _texts.Written.Length, word.Length, _count);
        _texts.Add(word);
        return _count++;
    }

    /// <summary>Appends the ids of the words between white space.</summary>
    public void Split(ReadOnlySpan<char> text, List<int> ids)
    {
        int position = 0;
        while (PythonText.NextWord(text, ref position, out var word)) ids.Add(Of(word));
    }

    void Grow()
    {
        var before = _slots;
        _slots = new Slot[2 * before.Length];
        foreach (ref readonly Slot slot in before.AsSpan())
        {
            if (slot.Stamp != _stamp) continue;
            int at = slot.Hash & (_slots.Length - 1);
            while (_slots[at].Stamp == _stamp) at = (at + 1) & (_slots.Length - 1);
            _slots[at] = slot;
        }
    }

    /// <summary>A word: its place among the texts. A slot of another stamp is free.</summary>
    readonly record struct Slot(int Stamp, int Hash, int Start, int Length, int Id);
}
