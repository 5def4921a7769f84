using System.Text.RegularExpressions;

namespace DiffusionBatch.Cli.Corpus;

/// <summary>
/// Texts that a backbone must not have seen: both sides of the pairs that a task keeps for validation and test. A text is one
/// of them by its letters and digits alone (<see cref="MessageText.Key"/>). It has one in it when one of its sentences is one,
/// or when it contains one's words in a row; the latter for held-out texts of at least <see cref="FewestWords"/> words, since
/// shorter ones ("File", "The name") are in every text.
/// </summary>
internal sealed partial class HeldOutTexts
{
    /// <summary>The fewest words of a held-out text that is looked for inside other texts.</summary>
    public const int FewestWords = 3;

    readonly HashSet<string> _keys = new(StringComparer.Ordinal);
    readonly SortedSet<int> _lengths = [];

    /// <summary>Holds out both sides of pairs.</summary>
    public HeldOutTexts(IEnumerable<MessagePair> pairs)
    {
        foreach (MessagePair pair in pairs)
            foreach (string key in (string[])[MessageText.Key(pair.Source), MessageText.Key(pair.Target)])
                if (key.Length > 0 && _keys.Add(key) && MessageText.Words(key) is >= FewestWords and var words) _lengths.Add(words);
    }

    /// <summary>Whether a text is, or has in it, a held-out one.</summary>
    public bool AreIn(string text)
    {
        string key = MessageText.Key(text);
        return _keys.Contains(key) || Sentences().Split(text).Any(sentence => _keys.Contains(MessageText.Key(sentence)))
            || HasWordsInARow(key);
    }

    bool HasWordsInARow(string key)
    {
        var starts = new List<int> { 0 };
        for (int i = 0; i < key.Length; i++)
            if (key[i] == ' ') starts.Add(i + 1);
        starts.Add(key.Length + 1);
        var keys = _keys.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (int words in _lengths)
            for (int first = 0; first + words < starts.Count; first++)
                if (keys.Contains(key.AsSpan(starts[first], starts[first + words] - 1 - starts[first]))) return true;
        return false;
    }

    [GeneratedRegex(@"(?<=[.!?:;])\s+|\s+=>\s+")]
    private static partial Regex Sentences();
}
