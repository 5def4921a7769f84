using System.Runtime.InteropServices;

namespace DiffusionBatch.Evaluation.Summarization;

/// <summary>A text as ROUGE sees it; its lists are used again for the next one.</summary>
internal sealed class RougeText
{
    readonly List<int> _ends = [];

    /// <summary>The words' numbers.</summary>
    public List<int> Words { get; } = [];

    /// <summary>The number of lines; 1 where lines are not told apart.</summary>
    public int Lines => _ends.Count;

    /// <summary>All words.</summary>
    public ReadOnlySpan<int> All => CollectionsMarshal.AsSpan(Words);

    /// <summary>A line's words.</summary>
    public ReadOnlySpan<int> Line(int line) => All[(line == 0 ? 0 : _ends[line - 1]).._ends[line]];

    /// <summary>Where a line's words begin.</summary>
    public int Start(int line) => line == 0 ? 0 : _ends[line - 1];

    /// <summary>Reads a text, line by line where asked for.</summary>
    public void Read(ReadOnlySpan<char> text, RougeWords words, bool lines)
    {
        Words.Clear();
        _ends.Clear();
        for (bool more = true; more;)
        {
            int end = lines ? text.IndexOf('\n') : -1;
            words.Split(end < 0 ? text : text[..end], Words);
            _ends.Add(Words.Count);
            more = end >= 0;
            text = text[(end + 1)..];
        }
    }
}
