using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Evaluation.Metrics;
using DiffusionBatch.Evaluation.Text;

namespace DiffusionBatch.Evaluation.Diversity;

/// <summary>
/// An item's tokens as numbers from 0 without gaps: words by one of the text tokenizers, or the model's own ids. Nothing is
/// allocated per token.
/// </summary>
internal sealed class TokenSource
{
    /// <summary>What <c>tokenize</c> can be, as the metrics' attributes say it.</summary>
    public const string Choices = "tokenize=13a|intl|char|none|ids";

    readonly SegmentTokenizer? _tokenizer; // null for the model's ids
    readonly bool _lowercase;
    readonly WordIds _words = new();
    readonly Dictionary<int, int> _ids = [];
    readonly List<int> _tokens = [];
    readonly CharBuffer _lower = new();

    /// <param name="spec">The tokenization, and whether case is ignored (words only).</param>
    public TokenSource(MetricSpec spec)
    {
        _tokenizer = spec.Tokenize == BleuTokenization.Ids ? null : SegmentTokenizer.Create(spec.Tokenize);
        _lowercase = spec.Lowercase == true;
    }

    /// <summary>What has to be known of the tokens to have them again.</summary>
    public string Signature => _tokenizer is null ? "tok:ids" : $"case:{(_lowercase ? "lc" : "mixed")}|tok:{_tokenizer.Name}";

    /// <summary>An item's tokens; valid until the next call.</summary>
    /// <param name="item">The item.</param>
    /// <param name="lasting">Whether a token keeps its number from item to item; otherwise memory stays bounded.</param>
    /// <exception cref="MetricException">The model's ids are asked for and not there.</exception>
    public ReadOnlySpan<int> Tokens(in MetricItem item, bool lasting = false)
    {
        _tokens.Clear();
        if (_tokenizer is null)
        {
            foreach (int id in Ids(item)) _tokens.Add(Number(id));
        }
        else
        {
            if (!lasting) _words.Begin();
            ReadOnlySpan<char> text = _lowercase ? PythonText.Lower(item.Hypothesis, _lower) : item.Hypothesis;
            _words.Split(_tokenizer.Tokenize(PythonText.TrimEnd(text)), _tokens);
        }
        return System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_tokens);
    }

    int Number(int id)
    {
        ref int number = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_ids, id, out bool known);
        return known ? number : number = _ids.Count - 1;
    }

    // An item with an error has no text and no ids: it is an empty one.
    static int[] Ids(in MetricItem item) => item.Ids
        ?? (item.Hypothesis.Length == 0
            ? []
            : throw new MetricException(
                [$"item \"{item.Id}\" has no \"ids\": say \"ids\": true in the sample job, or choose another \"tokenize\"."]));
}

/// <summary>A number kept for each token of a sequence: a count, a place. A new sequence begins without clearing.</summary>
internal sealed class Occurrences
{
    int[] _values = new int[1024];
    int[] _stamps = new int[1024];
    int _stamp;

    /// <summary>Begins a sequence: no token has a number.</summary>
    public void Begin() => _stamp++;

    /// <summary>A token's number, made 0 where it had none.</summary>
    /// <param name="token">From 0.</param>
    /// <param name="known">Whether it had one.</param>
    public ref int Of(int token, out bool known)
    {
        if (token >= _values.Length) Grow(token);
        known = _stamps[token] == _stamp;
        if (!known) (_stamps[token], _values[token]) = (_stamp, 0);
        return ref _values[token];
    }

    void Grow(int token)
    {
        int size = Math.Max(2 * _values.Length, token + 1);
        Array.Resize(ref _values, size);
        Array.Resize(ref _stamps, size);
    }
}
