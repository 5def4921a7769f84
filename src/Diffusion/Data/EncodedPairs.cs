using System.Runtime.InteropServices;

namespace DiffusionBatch.Diffusion.Data;

/// <summary>
/// Packed sequences <c>&lt;s&gt; prompt response &lt;/s&gt;</c>, all in two flat arrays: a million pairs are a few objects.
/// A sequence longer than the limit loses its beginning, so the response stays (reference A.2).
/// </summary>
public sealed class EncodedPairs
{
    readonly List<int> _tokens = [];
    readonly List<int> _ends = [];
    readonly List<int> _promptLengths = [];
    readonly List<string> _ids = [];
    readonly int _maxLength, _bos, _eos;

    /// <summary>Creates an empty set.</summary>
    /// <param name="maxLength">The longest sequence in tokens, at least 2.</param>
    /// <param name="bos">The id of <c>&lt;s&gt;</c>.</param>
    /// <param name="eos">The id of <c>&lt;/s&gt;</c>.</param>
    public EncodedPairs(int maxLength, int bos, int eos)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxLength, 2);
        (_maxLength, _bos, _eos) = (maxLength, bos, eos);
    }

    /// <summary>The number of pairs.</summary>
    public int Count => _ends.Count;

    /// <summary>How many pairs were cut from the left.</summary>
    public int Truncated { get; private set; }

    /// <summary>All tokens of all pairs.</summary>
    public long TotalTokens => _tokens.Count;

    /// <summary>Packs and adds a pair.</summary>
    /// <param name="id">The pair's id.</param>
    /// <param name="prompt">The prompt's tokens without specials.</param>
    /// <param name="response">The response's tokens without specials.</param>
    /// <param name="begins">Whether <c>&lt;s&gt;</c> comes first; false where the prompt's tokens are taken as they stand.</param>
    public void Add(string id, ReadOnlySpan<int> prompt, ReadOnlySpan<int> response, bool begins = true)
    {
        int first = begins ? 1 : 0;
        int cut = Math.Max(0, first + prompt.Length + response.Length + 1 - _maxLength);
        if (cut > 0) Truncated++;
        int promptLength = Math.Max(0, first + prompt.Length - cut);
        if (begins && cut == 0) _tokens.Add(_bos);
        if (promptLength > 0) _tokens.AddRange(prompt[Math.Max(0, cut - first)..]);
        _tokens.AddRange(response[Math.Clamp(cut - first - prompt.Length, 0, response.Length)..]);
        _tokens.Add(_eos);
        _ends.Add(_tokens.Count);
        _promptLengths.Add(promptLength);
        _ids.Add(id);
    }

    /// <summary>Adds a sequence as it stands.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="sequence">Its tokens.</param>
    /// <param name="promptLength">How many of them are a prompt's; where nothing is said, its <c>&lt;s&gt;</c> if it begins with
    /// one.</param>
    public void AddSequence(string id, ReadOnlySpan<int> sequence, int? promptLength = null)
    {
        _tokens.AddRange(sequence);
        _ends.Add(_tokens.Count);
        _promptLengths.Add(promptLength ?? (sequence.Length > 0 && sequence[0] == _bos ? 1 : 0));
        _ids.Add(id);
    }

    /// <summary>The pair's id.</summary>
    public string Id(int pair) => _ids[pair];

    /// <summary>The packed tokens.</summary>
    public ReadOnlySpan<int> Tokens(int pair) => CollectionsMarshal.AsSpan(_tokens)[Start(pair).._ends[pair]];

    /// <summary>The number of packed tokens.</summary>
    public int Length(int pair) => _ends[pair] - Start(pair);

    /// <summary>How many of them are the prompt's, <c>&lt;s&gt;</c> included; 0 when the cut took it all.</summary>
    public int PromptLength(int pair) => _promptLengths[pair];

    /// <summary>How many of them are the response's, <c>&lt;/s&gt;</c> included.</summary>
    public int ResponseLength(int pair) => Length(pair) - _promptLengths[pair];

    /// <summary>How often each token occurs in responses, the last of each, which closes it, not counted. // (V)</summary>
    public int[] ResponseCounts(int vocabularySize)
    {
        int[] counts = new int[vocabularySize];
        for (int pair = 0; pair < Count; pair++)
        {
            var response = Tokens(pair)[_promptLengths[pair]..];
            foreach (int id in response[..Math.Max(0, response.Length - 1)]) counts[id]++;
        }
        return counts;
    }

    int Start(int pair) => pair == 0 ? 0 : _ends[pair - 1];
}
